using System.Globalization;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// The statements that list, filter, search, sort and count known streams. Their parameters are <c>@search</c>, a pattern for the scan, and
/// <c>@match</c>, a phrase for the index of parts of ids.
/// </summary>
internal static class SqliteListSql
{
    /// <summary>What makes a stream active: the partial index is over the same words.</summary>
    public const string Active = "(live OR phase <> 0)";

    /// <summary>With more hits than this a scan of all ids is quicker than their rows one by one.</summary>
    private const int FewHits = 2_000;

    /// <summary>The index knows parts of three characters.</summary>
    private const int ShortestIndexed = 3;

    /// <summary>How many hits a search has, up to the number above which it is a scan; null for a search that the index does not know.</summary>
    public static string? CountHits(string search) => search.Length < ShortestIndexed
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"SELECT COUNT(*) FROM (SELECT 1 FROM stream_search WHERE stream_search MATCH @match LIMIT {FewHits + 1})");

    /// <summary>Whether so many hits are looked up one by one.</summary>
    public static bool IsFew(long hits) => hits <= FewHits;

    /// <summary>The page asked for, in the order that <paramref name="isReversed"/> turns round.</summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="hasFewHits">Whether the index of parts of ids is used.</param>
    /// <param name="skip">How many rows are left out, from the end where it begins.</param>
    /// <param name="take">How many are wanted.</param>
    /// <param name="isReversed">Whether it begins at the other end.</param>
    public static string Page(StreamListQuery query, bool hasFewHits, long skip, long take, bool isReversed)
    {
        string direction = query.IsDescending ^ isReversed ? " DESC" : "";
        string order = query.Sort == StreamSort.Id ? $"streams.stream_id{direction}" : $"{ColumnOf(query.Sort)}{direction}, streams.stream_id{direction}";
        return string.Create(CultureInfo.InvariantCulture, $"SELECT {RowReader.EntryColumns} FROM {From(hasFewHits)}{Where(query, hasFewHits)} ORDER BY {order} LIMIT {take} OFFSET {skip}");
    }

    /// <summary>How many match.</summary>
    public static string Count(StreamListQuery query, bool hasFewHits) => query.Search.Length == 0 && query.IsActive is null
        ? $"SELECT COALESCE(SUM(streams), 0) FROM stream_counts{(query.Phases.IsEmpty ? "" : $" WHERE phase IN ({Numbers(query)})")}"
        : $"SELECT COUNT(*) FROM {From(hasFewHits)}{Where(query, hasFewHits)}";

    /// <summary>How many are in each phase.</summary>
    public static string CountByPhase(string search, bool hasFewHits) => search.Length == 0
        ? "SELECT phase, streams FROM stream_counts WHERE streams > 0 ORDER BY phase"
        : $"SELECT phase, COUNT(*) FROM {From(hasFewHits)}{Where(new StreamListQuery { Search = search }, hasFewHits)} GROUP BY phase ORDER BY phase";

    /// <summary>The phrase for <c>@match</c>.</summary>
    public static string PhraseOf(string search) => $"\"{search}\"";

    // CROSS JOIN: the hits first, then their rows.
    private static string From(bool hasFewHits) => hasFewHits
        ? "(SELECT rowid AS hit FROM stream_search WHERE stream_search MATCH @match) CROSS JOIN streams ON streams.number = hit"
        : "streams";

    private static string Where(StreamListQuery query, bool hasFewHits)
    {
        List<string> conditions = [];
        if (!query.Phases.IsEmpty)
        {
            // Most streams are offline: to walk them in order is quicker than to find and sort them. The plus keeps SQLite from the index of phases.
            bool isWalked = query.Phases.Contains(StreamPhase.Offline) && !(query.Phases.Length == 1 && query.Sort is StreamSort.Id or StreamSort.Phase);
            conditions.Add($"{(isWalked ? "+" : "")}phase IN ({Numbers(query)})");
        }

        if (query.Search.Length > 0 && !hasFewHits)
        {
            conditions.Add("streams.stream_id LIKE @search ESCAPE '\\'");
        }

        if (query.IsActive is { } active)
        {
            conditions.Add(active ? Active : $"NOT {Active}");
        }

        return conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);
    }

    private static string Numbers(StreamListQuery query) =>
        string.Join(", ", query.Phases.Select(static phase => ((int)phase).ToString(CultureInfo.InvariantCulture)));

    private static string ColumnOf(StreamSort sort) => sort switch
    {
        StreamSort.Phase => "phase",
        StreamSort.Since => "since",
        StreamSort.Generation => "generation",
        _ => "streams.stream_id",
    };
}
