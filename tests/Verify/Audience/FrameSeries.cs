namespace Streams.Verify.Audience;

/// <summary>What a series of pictures or sounds tells. Pure.</summary>
internal static class FrameSeries
{
    /// <summary>So much of the series before and after a change tells its time stamps' offset from the clock.</summary>
    public static readonly TimeSpan Sample = TimeSpan.FromSeconds(2);

    /// <summary>A picture that stands for longer than this is one that stands still.</summary>
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(0.3);

    /// <summary>Pictures that go on for this long have gone on.</summary>
    private static readonly TimeSpan GoesOn = TimeSpan.FromSeconds(1);

    /// <summary>A player that begins anew has another time line.</summary>
    private static readonly TimeSpan Anew = TimeSpan.FromSeconds(5);

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

    /// <summary>By how much time stamps went back after a point in time, for each that is before that of the frame before it.</summary>
    public static IReadOnlyList<TimeSpan> StepsBack(IReadOnlyList<SeenFrame> frames, TimeSpan from) =>
        [.. frames.Zip(frames.Skip(1)).Where(pair => pair.Second.Arrived > from && pair.Second.Stamp < pair.First.Stamp).Select(static pair => pair.First.Stamp - pair.Second.Stamp)];

    /// <summary>
    /// The longest time for which a player shows no other picture that receives many at once, of the pictures that arrived after a point in time. It shows
    /// each as long after the one before as their time stamps say, or when it arrives if that is later: so it has as much of a buffer as it needed once.
    /// </summary>
    /// <param name="frames">The pictures, in the order in which they came.</param>
    /// <param name="from">The beginning of the change.</param>
    /// <param name="until">The end of the measurement.</param>
    public static TimeSpan LongestFreeze(IReadOnlyList<SeenFrame> frames, TimeSpan from, TimeSpan until)
    {
        TimeSpan longest = TimeSpan.Zero;
        TimeSpan shown = frames.Select(static frame => frame.Arrived).FirstOrDefault();
        foreach ((SeenFrame before, SeenFrame frame) in frames.Zip(frames.Skip(1)))
        {
            TimeSpan next = Max(frame.Arrived, shown + (frame.Stamp - before.Stamp));
            longest = frame.Arrived > from && frame.Arrived <= until ? Max(longest, next - shown) : longest;
            shown = next;
        }

        return frames.Any(frame => frame.Arrived > from && frame.Arrived <= until) ? longest : until - from;
    }

    /// <summary>
    /// The longest time for which a player's viewer sees the picture stand still, of the times that ended after a point in time; one that has not ended counts
    /// too. Pictures that go on for less than a second do not end one: a player may show the rest of what it had, and then stand still for as long again. One
    /// that is shown again, as after a seek, is no other picture.
    /// </summary>
    /// <param name="frames">The pictures, in the order in which they were shown.</param>
    /// <param name="from">The beginning of the change.</param>
    /// <param name="until">The end of the measurement.</param>
    public static TimeSpan LongestStandstill(IReadOnlyList<SeenFrame> frames, TimeSpan from, TimeSpan until)
    {
        TimeSpan[] shown = [.. Others(frames).Where(at => at <= until).Append(until)];
        TimeSpan[] times = [shown.LastOrDefault(at => at <= from, from), .. shown.Where(at => at > from)];
        (TimeSpan longest, TimeSpan began, TimeSpan ended) = (TimeSpan.Zero, times[0], TimeSpan.MinValue);
        foreach ((TimeSpan before, TimeSpan at) in times.Zip(times.Skip(1)))
        {
            longest = Max(longest, at - before);
            if (at - before > Still)
            {
                began = ended != TimeSpan.MinValue && before - ended < GoesOn ? began : before;
                ended = at;
                longest = Max(longest, ended - began);
            }
        }

        return longest;
    }

    /// <summary>When each picture was shown that had not been shown before.</summary>
    private static IEnumerable<TimeSpan> Others(IEnumerable<SeenFrame> frames)
    {
        TimeSpan? latest = null;
        foreach (SeenFrame frame in frames.Where(frame => latest is not { } last || frame.Stamp > last || frame.Stamp < last - Anew))
        {
            latest = frame.Stamp;
            yield return frame.Arrived;
        }
    }

    private static TimeSpan? Offset(IReadOnlyList<SeenFrame> frames, TimeSpan from, TimeSpan until)
    {
        TimeSpan[] offsets = [.. frames.Where(frame => frame.Arrived > from && frame.Arrived <= until).Select(static frame => frame.Stamp - frame.Arrived).Order()];
        return offsets.Length < 5 ? null : offsets[offsets.Length / 2];
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
