namespace Streams.Silo.Storage;

/// <summary>Search for a part of an id, shared by both stores. Pure.</summary>
internal static class SearchText
{
    /// <summary>Whether any id can contain the text; if not, no query is needed.</summary>
    public static bool CanMatch(string search) => search.Length == 0 || StreamId.TryParse(search, out _);

    /// <summary>The LIKE pattern of a search. The only special character that an id may have, the underscore, is escaped by a backslash.</summary>
    public static string PatternOf(string search) => "%" + search.Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
