using System.Collections.Immutable;

namespace Streams.Grains.Streams;

/// <summary>
/// The record of what a stream's output showed over the last day: when it changed, oldest first. However often that is, it has at most
/// <see cref="MaxSpans"/> parts: the shortest neighbours are joined, and what a joined part keeps is how often the output changed and how long it was away. Pure.
/// </summary>
public static class OutputDay
{
    /// <summary>How many parts it has at most.</summary>
    public const int MaxSpans = 64;

    /// <summary>How far back it goes.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromHours(24);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    /// <summary>What the output shows; <see cref="OutputShows.Offline"/> before anything is recorded.</summary>
    internal static OutputShows ShownAt(ImmutableArray<OutputSpan> day, DateTimeOffset now) => Past(day, now) is [.., var last] ? last.Shows : OutputShows.Offline;

    /// <summary>For how long it has shown nothing, or the slate; zero while it shows something.</summary>
    internal static TimeSpan AwayFor(ImmutableArray<OutputSpan> day, DateTimeOffset now) => Past(day, now) is [.., var last] && IsAway(last.Shows) ? Between(last.Since, now) : TimeSpan.Zero;

    /// <summary>A time, or if the output has changed since, the moment after that.</summary>
    internal static DateTimeOffset AfterLastChange(ImmutableArray<OutputSpan> day, DateTimeOffset at, DateTimeOffset now) =>
        Past(day, now) is [.., var last] && at <= last.Since ? After(last.Since, Moment) : at;

    /// <summary>Whether nobody publishes what should be there.</summary>
    internal static bool IsAway(OutputShows shows) => shows is OutputShows.Dark or OutputShows.Slate;

    /// <summary>The record with what the output shows from a moment on. What was planned for later is dropped.</summary>
    /// <param name="day">The record; the same instance is returned when nothing has changed.</param>
    /// <param name="shows">What it shows.</param>
    /// <param name="since">Since when: now, or a little earlier, as it was told.</param>
    /// <param name="now">The time by the grain's clock.</param>
    internal static ImmutableArray<OutputSpan> Record(ImmutableArray<OutputSpan> day, OutputShows shows, DateTimeOffset since, DateTimeOffset now)
    {
        ImmutableArray<OutputSpan> past = Past(day, now);
        if (past is not [.., var last])
        {
            return [new OutputSpan(since, shows)];
        }

        if (last.Shows == shows)
        {
            return since < last.Since && past is [.., var before, _] && since > before.Since ? past.SetItem(past.Length - 1, last with { Since = since }) : past;
        }

        return Bound(since > last.Since ? past.Add(new OutputSpan(since, shows)) : Replace(past, last, shows), now);
    }

    /// <summary>The record with an interruption of which nobody knew until now. What was recorded since it began was recorded too late, and is dropped.</summary>
    /// <param name="day">The record; the same instance is returned when it does not fit in.</param>
    /// <param name="shows">What it showed meanwhile.</param>
    /// <param name="until">When it was over.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="now">The time by the grain's clock.</param>
    internal static ImmutableArray<OutputSpan> Insert(ImmutableArray<OutputSpan> day, OutputShows shows, DateTimeOffset until, TimeSpan took, DateTimeOffset now)
    {
        DateTimeOffset since = Before(until, took);
        OutputShows present = ShownAt(day, now);
        ImmutableArray<OutputSpan> before = [.. day.Where(span => span.Since < since)];
        return before.IsEmpty || IsAway(present) ? day : Record(Record(before, shows, since, now), present, until, now);
    }

    /// <summary>The record with what the output is going to show, unless something else happens before.</summary>
    internal static ImmutableArray<OutputSpan> Plan(ImmutableArray<OutputSpan> day, OutputShows shows, DateTimeOffset at) => day.Add(new OutputSpan(at, shows));

    /// <summary>For how long of a part nobody published what should be there.</summary>
    /// <param name="span">The part.</param>
    /// <param name="end">Its end.</param>
    public static TimeSpan AwayOf(OutputSpan span, DateTimeOffset end) => span.Joined?.Away ?? (IsAway(span.Shows) ? Between(span.Since, end) : TimeSpan.Zero);

    private static ImmutableArray<OutputSpan> Past(ImmutableArray<OutputSpan> day, DateTimeOffset now) => day is [.., var last] && last.Since > now ? Past(day.RemoveAt(day.Length - 1), now) : day;

    /// <summary>A part that lasted no time was none.</summary>
    private static ImmutableArray<OutputSpan> Replace(ImmutableArray<OutputSpan> past, OutputSpan last, OutputShows shows)
    {
        ImmutableArray<OutputSpan> before = past.RemoveAt(past.Length - 1);
        return before is [.., var former] && former.Shows == shows ? before : before.Add(new OutputSpan(last.Since, shows));
    }

    private static ImmutableArray<OutputSpan> Bound(ImmutableArray<OutputSpan> day, DateTimeOffset now)
    {
        while (day.Length > 1 && Between(day[1].Since, now) >= Reach)
        {
            day = day.RemoveAt(0);
        }

        while (day.Length > MaxSpans)
        {
            day = JoinShortest(day);
        }

        return day;
    }

    /// <summary>Joins the two neighbours that are shortest together. The last part is left alone: it is what the output shows now.</summary>
    private static ImmutableArray<OutputSpan> JoinShortest(ImmutableArray<OutputSpan> day)
    {
        int shortest = Enumerable.Range(0, day.Length - 2).MinBy(index => Between(day[index].Since, day[index + 2].Since));
        (OutputSpan first, OutputSpan second, DateTimeOffset end) = (day[shortest], day[shortest + 1], day[shortest + 2].Since);
        OutputSpan joined = new(first.Since, Between(first.Since, second.Since) > Between(second.Since, end) ? first.Shows : second.Shows)
        {
            Joined = new JoinedSpans((first.Joined?.Changes ?? 0) + (second.Joined?.Changes ?? 0) + 1, AwayOf(first, second.Since) + AwayOf(second, end)),
        };
        return day.RemoveAt(shortest).SetItem(shortest, joined);
    }

#pragma warning disable RS0030 // Times of day of one record, which is for people; a clock that is set moves them all (StreamMachine.MoveClock).
    private static DateTimeOffset Before(DateTimeOffset at, TimeSpan by) => at - by;

    private static DateTimeOffset After(DateTimeOffset at, TimeSpan by) => at + by;

    private static TimeSpan Between(DateTimeOffset from, DateTimeOffset to) => to > from ? to - from : TimeSpan.Zero;
#pragma warning restore RS0030
}
