namespace Streams.Grains.Store;

/// <summary>One row of a stream's history.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Kind">The kind of content.</param>
/// <param name="AtTicks">When it happened, in UTC ticks.</param>
/// <param name="Json">The content, as JSON.</param>
/// <param name="Checksum">Detects a damaged row: <see cref="RowChecksum"/> of the other fields.</param>
public sealed record HistoryRow(StreamId StreamId, HistoryKind Kind, long AtTicks, string Json, long Checksum)
{
    /// <summary>How many rows of a kind are kept for each stream.</summary>
    public static int MaxRows(HistoryKind kind) => kind == HistoryKind.Run ? StreamHistory.MaxRuns : StreamHistory.MaxEntries;
}

/// <summary>The kind of content of a history row. The numbers are saved.</summary>
public enum HistoryKind
{
    /// <summary>An event, an observation, a worker's report or a command: a <see cref="HistoryEntry"/>.</summary>
    Entry = 0,

    /// <summary>An ended worker run: a <see cref="RunRecord"/>.</summary>
    Run = 1,

    /// <summary>The address of a publisher that earlier entries refer to by id: a <see cref="SourceAddress"/>.</summary>
    Address = 2,
}

/// <summary>The address of a publisher, which becomes known only after its first entries.</summary>
/// <param name="SourceId">MediaMTX's id of the source.</param>
/// <param name="RemoteAddress">Its address and port.</param>
public sealed record SourceAddress(string SourceId, string RemoteAddress);
