using System.Globalization;

namespace Streams.Silo.Storage.Postgres;

/// <summary>The SQL statements that list and count streams. Their only parameter, $1, is the pattern of a search. Pure.</summary>
internal static class PostgresListSql
{
    /// <summary>Every active stream.</summary>
    public const string Active = $"SELECT {RowReader.EntryColumns} FROM streams WHERE live OR phase <> 0 ORDER BY stream_id";

    /// <summary>The number of streams in each phase.</summary>
    public const string Counts = "SELECT phase, sum(streams)::bigint FROM stream_counts GROUP BY phase HAVING sum(streams) > 0 ORDER BY phase";

    /// <summary>The number of streams in each phase whose id matches the search.</summary>
    public const string FoundCounts = "SELECT phase, count(*) FROM streams WHERE stream_id ILIKE $1 GROUP BY phase ORDER BY phase";

    /// <summary>The number of streams that may be removed: the offline ones, minus the few that must be kept.</summary>
    public const string Forgettable = "SELECT (SELECT coalesce(sum(streams), 0) FROM stream_counts WHERE phase = 0)::bigint "
        + "- (SELECT count(*) FROM streams WHERE phase = 0 AND (live OR kept))";

    /// <summary>The number of streams that match. Few streams are active, so the inactive ones are counted by subtraction.</summary>
    public static string Total(StreamListQuery query) => query switch
    {
        { Search.Length: > 0 } or { IsActive: true } => Counted(query),
        { IsActive: false } => $"SELECT ({Known(query)}) - ({Counted(query with { IsActive = true })})",
        _ => Known(query),
    };

    /// <summary>
    /// A page of streams. Its ids are found in an index alone, and only their rows are read. A page in the second half is read from the end.
    /// </summary>
    public static string Page(StreamListQuery query, long total)
    {
        long take = Math.Min(query.Take, total - query.Skip);
        bool isFromEnd = query.Skip > total / 2;
        long skip = isFromEnd ? total - query.Skip - take : query.Skip;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT {RowReader.EntryColumns} FROM streams JOIN (
                SELECT stream_id FROM streams{Where(Filters(query))} ORDER BY {Order(query.Sort, query.IsDescending != isFromEnd)} LIMIT {take} OFFSET {skip}
            ) AS page USING (stream_id) ORDER BY {Order(query.Sort, query.IsDescending)}
            """);
    }

    private static string Known(StreamListQuery query) => $"SELECT coalesce(sum(streams), 0)::bigint FROM stream_counts{Where(Phases(query))}";

    private static string Counted(StreamListQuery query) => $"SELECT count(*) FROM streams{Where(Filters(query))}";

    private static string Order(StreamSort sort, bool isDescending)
    {
        string direction = isDescending ? " DESC" : "";
        return sort switch
        {
            StreamSort.Phase => $"phase{direction}, stream_id{direction}",
            StreamSort.Since => $"since{direction}, stream_id{direction}",
            StreamSort.Generation => $"generation{direction}, stream_id{direction}",
            _ => $"stream_id{direction}",
        };
    }

    private static IEnumerable<string> Filters(StreamListQuery query)
    {
        foreach (string phases in Phases(query))
        {
            yield return phases;
        }

        if (query.IsActive is { } isActive)
        {
            yield return isActive ? "(live OR phase <> 0)" : "NOT live AND phase = 0";
        }

        if (query.Search.Length > 0)
        {
            yield return "stream_id ILIKE $1";
        }
    }

    private static IEnumerable<string> Phases(StreamListQuery query)
    {
        if (query.Phases.Length == 1)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"phase = {(int)query.Phases[0]}");
        }
        else if (query.Phases.Length > 1)
        {
            yield return $"phase IN ({string.Join(", ", query.Phases.Select(static phase => ((int)phase).ToString(CultureInfo.InvariantCulture)))})";
        }
    }

    private static string Where(IEnumerable<string> filters)
    {
        string all = string.Join(" AND ", filters);
        return all.Length == 0 ? "" : $" WHERE {all}";
    }
}
