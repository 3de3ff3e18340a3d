using System.Globalization;

namespace Streams.Silo.Storage;

/// <summary>
/// The statements that list, filter, search, sort and count known streams, for SQLite and PostgreSQL alike. Both have the columns
/// <c>stream_id phase since generation live kept profile</c>, the parameter <c>@search</c> and the table <c>stream_counts</c>.
/// </summary>
internal static class StreamListSql
{
    /// <summary>What <see cref="Page"/> selects, in this order.</summary>
    public const string Columns = "stream_id, phase, since, generation, live, kept, profile";

    /// <summary>What makes a stream active: the partial index is over the same words.</summary>
    public const string Active = "(live OR phase <> 0)";

    /// <summary>The page asked for, in the order that <paramref name="isReversed"/> turns round.</summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="like">The dialect's operator for a pattern whatever its case.</param>
    /// <param name="skip">How many rows are left out, from the end where it begins.</param>
    /// <param name="take">How many are wanted.</param>
    /// <param name="isReversed">Whether it begins at the other end.</param>
    public static string Page(StreamListQuery query, string like, long skip, long take, bool isReversed)
    {
        string direction = query.IsDescending ^ isReversed ? " DESC" : "";
        string order = query.Sort == StreamSort.Id ? $"stream_id{direction}" : $"{ColumnOf(query.Sort)}{direction}, stream_id{direction}";
        return string.Create(CultureInfo.InvariantCulture, $"SELECT {Columns} FROM streams{Where(query, like)} ORDER BY {order} LIMIT {take} OFFSET {skip}");
    }

    /// <summary>How many match.</summary>
    public static string Count(StreamListQuery query, string like) => IsCounted(query)
        ? $"SELECT COALESCE(SUM(streams), 0) FROM stream_counts{(query.Phases.IsEmpty ? "" : $" WHERE phase IN ({Numbers(query)})")}"
        : $"SELECT COUNT(*) FROM streams{Where(query, like)}";

    /// <summary>How many are in each phase.</summary>
    public static string CountByPhase(string search, string like) => search.Length == 0
        ? "SELECT phase, SUM(streams) FROM stream_counts GROUP BY phase HAVING SUM(streams) > 0 ORDER BY phase"
        : $"SELECT phase, COUNT(*) FROM streams WHERE {Matches(like)} GROUP BY phase ORDER BY phase";

    /// <summary>The pattern for <c>@search</c>.</summary>
    public static string PatternOf(string search) =>
        "%" + search.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";

    /// <summary>Whether an id can hold the text at all: otherwise nothing needs to be asked.</summary>
    public static bool CanMatch(string search) =>
        search.Length <= 64 && search.All(static character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');

    /// <summary>Whether the table of counts knows the answer.</summary>
    private static bool IsCounted(StreamListQuery query) => query.Search.Length == 0 && query.IsActive is null;

    private static string Where(StreamListQuery query, string like)
    {
        List<string> conditions = [];
        if (!query.Phases.IsEmpty)
        {
            // Most streams are offline: to walk them in order is quicker than to find and sort them. The plus keeps SQLite from the index of phases.
            bool isWalked = query.Phases.Contains(StreamPhase.Offline) && !(query.Phases.Length == 1 && query.Sort is StreamSort.Id or StreamSort.Phase);
            conditions.Add($"{(isWalked ? "+" : "")}phase IN ({Numbers(query)})");
        }

        if (query.Search.Length > 0)
        {
            conditions.Add(Matches(like));
        }

        if (query.IsActive is { } active)
        {
            conditions.Add(active ? Active : $"NOT {Active}");
        }

        return conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);
    }

    private static string Matches(string like) => $"stream_id {like} @search ESCAPE '\\'";

    private static string Numbers(StreamListQuery query) =>
        string.Join(", ", query.Phases.Select(static phase => ((int)phase).ToString(CultureInfo.InvariantCulture)));

    private static string ColumnOf(StreamSort sort) => sort switch
    {
        StreamSort.Phase => "phase",
        StreamSort.Since => "since",
        StreamSort.Generation => "generation",
        _ => "stream_id",
    };
}
