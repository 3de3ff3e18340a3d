namespace Streams.Verify.Audience;

/// <summary>What a series of pictures or sounds tells. Pure.</summary>
internal static class FrameSeries
{
    /// <summary>So much of the series before and after a change tells its time stamps' offset from the clock.</summary>
    public static readonly TimeSpan Sample = TimeSpan.FromSeconds(2);

    /// <summary>The longest time without a picture, of the times that ended after a point in time; one that has not ended counts too.</summary>
    /// <param name="frames">The pictures, in the order in which they came.</param>
    /// <param name="from">The beginning of the change.</param>
    /// <param name="until">The end of the measurement.</param>
    public static TimeSpan LongestGap(IReadOnlyList<SeenFrame> frames, TimeSpan from, TimeSpan until)
    {
        TimeSpan longest = TimeSpan.Zero;
        TimeSpan last = frames.Where(frame => frame.Arrived <= from).Select(static frame => frame.Arrived).DefaultIfEmpty(from).Last();
        foreach (SeenFrame frame in frames.Where(frame => frame.Arrived > from && frame.Arrived <= until))
        {
            longest = Max(longest, frame.Arrived - last);
            last = frame.Arrived;
        }

        return Max(longest, until - last);
    }

    /// <summary>By how much the time stamps have moved against the clock; null where there are too few of them.</summary>
    public static TimeSpan? Step(IReadOnlyList<SeenFrame> frames, TimeSpan from, TimeSpan until) =>
        Offset(frames, from - Sample, from) is { } before && Offset(frames, until - Sample, until) is { } after ? after - before : null;

    /// <summary>How many frames after a point in time have a time stamp before that of the one before them.</summary>
    public static int CountStepsBack(IReadOnlyList<SeenFrame> frames, TimeSpan from) =>
        frames.Zip(frames.Skip(1)).Count(pair => pair.Second.Arrived > from && pair.Second.Stamp < pair.First.Stamp);

    /// <summary>
    /// The pictures as a player shows them that receives many at once: each as long after the one before as their time stamps say, or when it arrives if
    /// that is later. So it has as much of a buffer as it needed once.
    /// </summary>
    public static IReadOnlyList<SeenFrame> Play(IReadOnlyList<SeenFrame> frames)
    {
        List<SeenFrame> played = [];
        foreach (SeenFrame frame in frames)
        {
            TimeSpan due = played.Count == 0 ? frame.Arrived : played[^1].Arrived + (frame.Stamp - played[^1].Stamp);
            played.Add(frame with { Arrived = Max(due, frame.Arrived) });
        }

        return played;
    }

    private static TimeSpan? Offset(IReadOnlyList<SeenFrame> frames, TimeSpan from, TimeSpan until)
    {
        TimeSpan[] offsets = [.. frames.Where(frame => frame.Arrived > from && frame.Arrived <= until).Select(static frame => frame.Stamp - frame.Arrived).Order()];
        return offsets.Length < 5 ? null : offsets[offsets.Length / 2];
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
