namespace Streams.Api.Wire;

/// <summary>A worker that is slower than real time: its output falls behind its input. A publisher that itself sends below real time looks the same.</summary>
public sealed record SlowView
{
    /// <summary>When that was first seen, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Seconds of output for each second of real time, over the last 10 s: below 0.95 is slow.</summary>
    public required double Speed { get; init; }

    internal static SlowView Of(SlowWorker slow) => new() { Since = slow.Since.ToUniversalTime(), Speed = slow.Speed };
}
