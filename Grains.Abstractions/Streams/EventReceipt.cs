namespace Streams;

/// <summary>The effect of an event on its stream.</summary>
public enum EventOutcome
{
    /// <summary>It changed the stream's state.</summary>
    Applied,

    /// <summary>It changed nothing: the same event was received before, or the stream is already in that state.</summary>
    Duplicate,

    /// <summary>It is about a source that is not the current one, or has already ended. Nothing changed.</summary>
    Stale,
}

/// <summary>The answer to an event.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Outcome">The effect of the event.</param>
/// <param name="Phase">The stream's phase after it.</param>
/// <param name="Generation">The number of the latest worker run; 0 before the first.</param>
[GenerateSerializer, Immutable, Alias("Streams.EventReceipt")]
public sealed record EventReceipt(
    [property: Id(0)] StreamId StreamId,
    [property: Id(1)] EventOutcome Outcome,
    [property: Id(2)] StreamPhase Phase,
    [property: Id(3)] long Generation);
