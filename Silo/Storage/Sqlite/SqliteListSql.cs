using System.Globalization;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// The SQL statements that list, filter, search, sort and count known streams. Their parameters are <c>@search</c>, a pattern for a scan, and
/// <c>@match</c>, a phrase for the trigram index.
/// </summary>
internal static class SqliteListSql
{
    /// <summary>The condition for an active stream; the partial index has the same expression.</summary>
    public const string Active = "(live OR phase <> 0)";

    /// <summary>With more hits than this, a scan of all ids is faster than reading the hits one by one.</summary>
    private const int FewHits = 2_000;

    /// <summary>The trigram index finds texts of at least three characters.</summary>
    private const int ShortestIndexed = 3;

    /// <summary>Counts the hits of a search, up to the number above which a scan is used; null for a search that the index cannot answer.</summary>
    public static string? CountHits(string search) => search.Length < ShortestIndexed
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"SELECT COUNT(*) FROM (SELECT 1 FROM stream_search WHERE stream_search MATCH @match LIMIT {FewHits + 1})");

    /// <summary>Whether this number of hits is read one by one.</summary>
    public static bool IsFew(long hits) => hits <= FewHits;

    /// <summary>A page of streams, in reverse order if <paramref name="isReversed"/> is set.</summary>
    /// <param name="query">The query.</param>
    /// <param name="hasFewHits">Whether to use the trigram index.</param>
    /// <param name="skip">How many rows to skip, in the order of reading.</param>
    /// <param name="take">How many rows to return.</param>
    /// <param name="isReversed">Whether to read from the end.</param>
    public static string Page(StreamListQuery query, bool hasFewHits, long skip, long take, bool isReversed)
    {
        string direction = query.IsDescending ^ isReversed ? " DESC" : "";
        string order = query.Sort == StreamSort.Id ? $"streams.stream_id{direction}" : $"{ColumnOf(query.Sort)}{direction}, streams.stream_id{direction}";
        return string.Create(CultureInfo.InvariantCulture, $"SELECT {RowReader.EntryColumns} FROM {From(hasFewHits)}{Where(query, hasFewHits)} ORDER BY {order} LIMIT {take} OFFSET {skip}");
    }

    /// <summary>The number of streams that match.</summary>
    public static string Count(StreamListQuery query, bool hasFewHits) => query.Search.Length == 0 && query.IsActive is null
        ? $"SELECT COALESCE(SUM(streams), 0) FROM stream_counts{(query.Phases.IsEmpty ? "" : $" WHERE phase IN ({Numbers(query)})")}"
        : $"SELECT COUNT(*) FROM {From(hasFewHits)}{Where(query, hasFewHits)}";

    /// <summary>The number of streams in each phase.</summary>
    public static string CountByPhase(string search, bool hasFewHits) => search.Length == 0
        ? "SELECT phase, streams FROM stream_counts WHERE streams > 0 ORDER BY phase"
        : $"SELECT phase, COUNT(*) FROM {From(hasFewHits)}{Where(new StreamListQuery { Search = search }, hasFewHits)} GROUP BY phase ORDER BY phase";

    /// <summary>The phrase for <c>@match</c>.</summary>
    public static string PhraseOf(string search) => $"\"{search}\"";

    // CROSS JOIN makes SQLite find the hits first, then their rows.
    private static string From(bool hasFewHits) => hasFewHits
        ? "(SELECT rowid AS hit FROM stream_search WHERE stream_search MATCH @match) CROSS JOIN streams ON streams.number = hit"
        : "streams";

    private static string Where(StreamListQuery query, bool hasFewHits)
    {
        List<string> conditions = [];
        if (!query.Phases.IsEmpty)
        {
            // Most streams are offline, so walking them in order is faster than finding and sorting them. The plus keeps SQLite from using the index of phases.
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
