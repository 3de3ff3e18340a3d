namespace Streams;

/// <summary>One line of the list of known streams, read from the stream's saved row. It has no details of a live stream.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Phase">Its phase.</param>
/// <param name="Since">When it entered the phase.</param>
/// <param name="Generation">The number of its latest worker run.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamEntry")]
public sealed record StreamEntry(
    [property: Id(0)] StreamId StreamId,
    [property: Id(1)] StreamPhase Phase,
    [property: Id(2)] DateTimeOffset Since,
    [property: Id(3)] long Generation)
{
    /// <summary>Whether its input or its output has a publisher, as last saved.</summary>
    [Id(4)] public bool IsLive { get; init; }

    /// <summary>Whether an operator has stopped it or chosen its profile: such a stream is never removed to save space.</summary>
    [Id(5)] public bool IsKept { get; init; }

    /// <summary>The operator's choice of profile; null for the configured default.</summary>
    [Id(6)] public string? Profile { get; init; }

    /// <summary>Whether an operator has stopped it.</summary>
    [Id(7)] public bool IsHeld { get; init; }

    /// <summary>The media server that it is published at, or was last; null where the only one was not named.</summary>
    [Id(8)] public string? Node { get; init; }
}
