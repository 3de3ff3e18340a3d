namespace Streams;

/// <summary>What an event did to its stream.</summary>
public enum EventOutcome
{
    /// <summary>It changed what the stream wants or knows.</summary>
    Applied,

    /// <summary>Nothing new: the same event came before, or the stream already is so.</summary>
    Duplicate,

    /// <summary>It is about a source that is not the current one, or that has already ended. Nothing changed.</summary>
    Stale,
}

/// <summary>The answer to an event.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Outcome">What the event did.</param>
/// <param name="Phase">The stream's phase after it.</param>
/// <param name="Generation">The number of the latest worker run; 0 before the first.</param>
[GenerateSerializer, Immutable, Alias("Streams.EventReceipt")]
public sealed record EventReceipt(
    [property: Id(0)] StreamId StreamId,
    [property: Id(1)] EventOutcome Outcome,
    [property: Id(2)] StreamPhase Phase,
    [property: Id(3)] long Generation);
