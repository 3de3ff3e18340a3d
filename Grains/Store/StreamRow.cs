namespace Streams.Grains.Store;

/// <summary>A stream as it is saved: the state as JSON, and the columns by which streams are found, which are taken from the state.</summary>
public sealed record StreamRow
{
    /// <summary>The stream.</summary>
    public required StreamId StreamId { get; init; }

    /// <summary>1 for the first save, and one more with each.</summary>
    public required long Version { get; init; }

    /// <summary>Its phase.</summary>
    public required StreamPhase Phase { get; init; }

    /// <summary>When it entered the phase, in ticks of UTC.</summary>
    public required long SinceTicks { get; init; }

    /// <summary>The number of its latest worker run.</summary>
    public required long Generation { get; init; }

    /// <summary>Whether somebody publishes its input or its output.</summary>
    public required bool IsLive { get; init; }

    /// <summary>Whether an operator has stopped it or chosen its profile.</summary>
    public required bool IsKept { get; init; }

    /// <summary>The operator's choice of profile; null for the configured default.</summary>
    public string? Profile { get; init; }

    /// <summary>The whole state.</summary>
    public required string Json { get; init; }

    /// <summary>Tells a damaged row: <see cref="RowChecksum"/> of all the others.</summary>
    public required long Checksum { get; init; }
}
