namespace Streams.Grains.Streams;

/// <summary>What is saved has times of day, so that it holds over a restart; when the clock is set they are set with it.</summary>
public sealed partial class StreamMachine
{
    /// <summary>The state by a clock that was set, so that what has waited, and what still waits, does so for as long as before.</summary>
    /// <param name="state">The state by the clock as it was.</param>
    /// <param name="jump">By how much it was set.</param>
    public static StreamState MoveClock(StreamState state, TimeSpan jump) => state with
    {
        Since = state.Since + jump,
        DownSince = state.DownSince + jump,
        RetryAt = state.RetryAt + jump,
        DampedSince = state.DampedSince + jump,
        Takeovers = [.. state.Takeovers.Select(taken => taken with { At = taken.At + jump })],
    };
}
