using System.ComponentModel.DataAnnotations;

namespace Streams.Api;

/// <summary>One stream in the list.</summary>
public sealed record StreamSummary
{
    /// <summary>The stream.</summary>
    [RegularExpression(Streams.StreamId.Pattern)]
    public required string StreamId { get; init; }

    /// <summary>What the stream's worker is doing.</summary>
    public required StreamPhase Phase { get; init; }

    /// <summary>When it entered the phase, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The number of the latest worker run; 0 before the first.</summary>
    public required long Generation { get; init; }

    internal static StreamSummary Of(StreamEntry entry) => new()
    {
        StreamId = entry.StreamId.Value,
        Phase = entry.Phase,
        Since = entry.Since.ToUniversalTime(),
        Generation = entry.Generation,
    };
}
