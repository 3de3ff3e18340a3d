namespace Streams.Api.Wire;

/// <summary>What the audience of the output saw: how often, and for how long, nothing arrived that should have.</summary>
public sealed record AudienceView
{
    /// <summary>Since when it is counted, UTC: the first output of this broadcast.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How often the output was interrupted.</summary>
    public required int Interruptions { get; init; }

    /// <summary>How long all interruptions took together, in seconds.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>How long the longest took, in seconds.</summary>
    public required double LongestSeconds { get; init; }

    /// <summary>Since when the output is interrupted while its input is live, UTC; absent while it is not.</summary>
    public DateTimeOffset? AwaySince { get; init; }

    internal static AudienceView Of(StreamAudience audience) => new()
    {
        Since = audience.Since.ToUniversalTime(),
        Interruptions = audience.Interruptions,
        TotalSeconds = Math.Round(audience.Total.TotalSeconds, 2),
        LongestSeconds = Math.Round(audience.Longest.TotalSeconds, 2),
        AwaySince = audience.AwaySince?.ToUniversalTime(),
    };
}
