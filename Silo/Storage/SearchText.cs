namespace Streams.Silo.Storage;

/// <summary>A search for a part of an id, as both stores take it. Pure.</summary>
internal static class SearchText
{
    /// <summary>Whether an id can hold the text at all: otherwise nothing needs to be asked.</summary>
    public static bool CanMatch(string search) => search.Length == 0 || StreamId.TryParse(search, out _);

    /// <summary>The pattern of LIKE that finds it; its only special character that an id may have is escaped by a backslash.</summary>
    public static string PatternOf(string search) => "%" + search.Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
