using System.ComponentModel.DataAnnotations;

namespace Streams.Api.Wire;

/// <summary>The answer to an event that was taken.</summary>
public sealed record EventAccepted
{
    /// <summary>The stream that the path belongs to.</summary>
    [RegularExpression(global::Streams.StreamId.Pattern)]
    public required string StreamId { get; init; }

    /// <summary>What the event did: <c>Applied</c>, <c>Duplicate</c> (nothing new) or <c>Stale</c> (about a source that is not the current one).</summary>
    public required EventOutcome Outcome { get; init; }

    /// <summary>What the stream's worker is doing after it.</summary>
    public required StreamPhase Phase { get; init; }

    /// <summary>The number of the stream's latest worker run; 0 before the first.</summary>
    public required long Generation { get; init; }

    internal static EventAccepted Of(EventReceipt receipt) => new()
    {
        StreamId = receipt.StreamId.Value,
        Outcome = receipt.Outcome,
        Phase = receipt.Phase,
        Generation = receipt.Generation,
    };
}
