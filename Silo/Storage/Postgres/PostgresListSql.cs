using System.Globalization;

namespace Streams.Silo.Storage.Postgres;

/// <summary>The statements that read lists. Their only parameter is the pattern of a search, $1. Pure.</summary>
internal static class PostgresListSql
{
    /// <summary>Every active stream.</summary>
    public const string Active = $"SELECT {RowReader.EntryColumns} FROM streams WHERE live OR phase <> 0 ORDER BY stream_id";

    /// <summary>How many are in each phase.</summary>
    public const string Counts = "SELECT phase, sum(streams)::bigint FROM stream_counts GROUP BY phase HAVING sum(streams) > 0 ORDER BY phase";

    /// <summary>How many with the search in their ids are in each phase.</summary>
    public const string FoundCounts = "SELECT phase, count(*) FROM streams WHERE stream_id ILIKE $1 GROUP BY phase ORDER BY phase";

    /// <summary>How many streams could be forgotten: those that are offline, less the few among them that must stay.</summary>
    public const string Forgettable = "SELECT (SELECT coalesce(sum(streams), 0) FROM stream_counts WHERE phase = 0)::bigint "
        + "- (SELECT count(*) FROM streams WHERE phase = 0 AND (live OR kept))";

    /// <summary>How many streams match in all. What is active is few, so the others are not counted one by one.</summary>
    public static string Total(StreamListQuery query) => query switch
    {
        { Search.Length: > 0 } or { IsActive: true } => Counted(query),
        { IsActive: false } => $"SELECT ({Known(query)}) - ({Counted(query with { IsActive = true })})",
        _ => Known(query),
    };

    /// <summary>
    /// The page. Which streams it has is found in an index alone; only their rows are read. Beyond the middle it is read from the other end.
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
