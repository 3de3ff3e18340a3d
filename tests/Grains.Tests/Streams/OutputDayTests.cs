using System.Collections.Immutable;
using CsCheck;
using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>The record of a day: exact while little happens, and small whatever happens.</summary>
public sealed class OutputDayTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private ImmutableArray<OutputSpan> _day = [];

    [Fact]
    public void What_stays_as_it_is_is_no_news()
    {
        Record(OutputShows.Live, 0);
        ImmutableArray<OutputSpan> before = _day;
        Record(OutputShows.Live, 60);
        Assert.True(before == _day);
    }

    [Fact]
    public void A_change_that_is_told_late_has_the_time_at_which_it_happened()
    {
        Record(OutputShows.Live, 0);
        Record(OutputShows.Slate, 10);
        _day = OutputDay.Record(_day, OutputShows.Slate, At(7), At(11));
        Assert.Equal([(0, OutputShows.Live), (7, OutputShows.Slate)], Seconds());
        _day = OutputDay.Record(_day, OutputShows.Slate, At(-5), At(12)); // Of another time.
        Assert.Equal([(0, OutputShows.Live), (7, OutputShows.Slate)], Seconds());
    }

    [Fact]
    public void What_lasted_no_time_was_nothing()
    {
        Record(OutputShows.Live, 0);
        Record(OutputShows.Slate, 5);
        Record(OutputShows.Dark, 5);
        Assert.Equal([(0, OutputShows.Live), (5, OutputShows.Dark)], Seconds());
        Record(OutputShows.Live, 5);
        Assert.Equal([(0, OutputShows.Live)], Seconds());
    }

    [Fact]
    public void What_is_planned_counts_when_its_time_comes_and_is_dropped_when_something_else_happens()
    {
        Record(OutputShows.Slate, 0);
        _day = OutputDay.Plan(_day, OutputShows.Offline, At(30));
        Assert.Equal(OutputShows.Slate, OutputDay.ShownAt(_day, At(29)));
        Assert.Equal(OutputShows.Offline, OutputDay.ShownAt(_day, At(30)));
        Record(OutputShows.Live, 20);
        Assert.Equal([(0, OutputShows.Slate), (20, OutputShows.Live)], Seconds());
    }

    [Fact]
    public void What_is_older_than_a_day_is_dropped_but_for_what_the_day_began_with()
    {
        Record(OutputShows.Live, 0);
        Record(OutputShows.Dark, 10);
        Record(OutputShows.Live, 20);
        Record(OutputShows.Offline, 24 * 3600 + 15);
        Assert.Equal([(10, OutputShows.Dark), (20, OutputShows.Live), (24 * 3600 + 15, OutputShows.Offline)], Seconds());
    }

    [Fact]
    public void An_output_that_flaps_all_day_keeps_its_long_parts_and_how_long_it_was_away()
    {
        Record(OutputShows.Live, 0);
        Record(OutputShows.Dark, 3_600);
        int at = 5_400;
        for (int i = 0; i < 5_000; i++)
        {
            Record(OutputShows.Live, at);
            Record(OutputShows.Slate, at + 9);
            at += 10;
        }

        Record(OutputShows.Live, at);
        Assert.Equal(OutputDay.MaxSpans, _day.Length);
        Assert.Equal((OutputShows.Live, OutputShows.Dark), (_day[0].Shows, _day[1].Shows)); // The hour and the half hour are as they were.
        Assert.Equal(At(3_600), _day[1].Since);
        Assert.All(_day.Where(static span => span.Joined is not null), static span => Assert.Equal(OutputShows.Live, span.Shows));
        Assert.Equal(1_800 + 5_000, Away().TotalSeconds);
        Assert.Equal(2 + (2 * 5_000) + 1, _day.Length + _day.Sum(static span => span.Joined?.Changes ?? 0));
    }

    [Fact]
    public void Whatever_happens_it_is_small_in_order_and_right_about_the_time_away() =>
        Gen.Select(Gen.Enum<OutputShows>(), Gen.Int[1, 900]).Array[1, 300].Sample(changes =>
        {
            ImmutableArray<OutputSpan> day = [];
            double away = 0;
            int now = 0;
            OutputShows shown = OutputShows.Offline;
            foreach ((OutputShows shows, int after) in changes.Take(90)) // Less than a day.
            {
                away += OutputDay.IsAway(shown) ? after : 0;
                now += after;
                day = OutputDay.Record(day, shows, At(now), At(now));
                shown = shows;
                Assert.True(day.Length <= OutputDay.MaxSpans);
                Assert.Equal(shows, OutputDay.ShownAt(day, At(now)));
            }

            Assert.Equal(day.Select(static span => span.Since).Order(), day.Select(static span => span.Since));
            Assert.Equal(away, day.Zip(day.Skip(1).Select(static next => next.Since).Append(At(now)), static (span, end) => OutputDay.AwayOf(span, end).TotalSeconds).Sum(), 0.001);
        }, iter: 500);

    private TimeSpan Away() => _day.Zip(_day.Skip(1), static (span, next) => OutputDay.AwayOf(span, next.Since)).Aggregate(TimeSpan.Zero, static (sum, away) => sum + away);

    private (int, OutputShows)[] Seconds() => [.. _day.Select(static span => ((int)(span.Since.ToUnixTimeSeconds() - Noon.ToUnixTimeSeconds()), span.Shows))];

    private void Record(OutputShows shows, int second) => _day = OutputDay.Record(_day, shows, At(second), At(second));

    private static DateTimeOffset At(int second) => Noon.AddSeconds(second);
}
