namespace Streams.Grains.Store;

/// <summary>A stream's saved row: the state as JSON, and the columns for queries, which are copied from the state.</summary>
public sealed record StreamRow
{
    /// <summary>The stream.</summary>
    public required StreamId StreamId { get; init; }

    /// <summary>1 for the first save; incremented by each save.</summary>
    public required long Version { get; init; }

    /// <summary>Its phase.</summary>
    public required StreamPhase Phase { get; init; }

    /// <summary>When it entered the phase, in UTC ticks.</summary>
    public required long SinceTicks { get; init; }

    /// <summary>The number of its latest worker run.</summary>
    public required long Generation { get; init; }

    /// <summary>Whether its input or its output has a publisher.</summary>
    public required bool IsLive { get; init; }

    /// <summary>Whether an operator has stopped it or chosen its profile.</summary>
    public required bool IsKept { get; init; }

    /// <summary>The operator's choice of profile; null for the configured default.</summary>
    public string? Profile { get; init; }

    /// <summary>
    /// The media server that it is published at, or was last; null where the only one was not named. It is not in the checksum, so that a silo that does not
    /// know the column yet can write the row: the state says the same.
    /// </summary>
    public string? Node { get; init; }

    /// <summary>The whole state.</summary>
    public required string Json { get; init; }

    /// <summary>Detects a damaged row: <see cref="RowChecksum"/> of the other fields but <see cref="Node"/>.</summary>
    public required long Checksum { get; init; }
}
