using Streams.Api.Pages;
using Streams.Api.Wire;
using Xunit;

namespace Streams.Api.Tests.Pages;

/// <summary>The record of a day as the API tells it, and as the page draws it.</summary>
public sealed class AudienceBandTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 14, 0, 0, TimeSpan.FromHours(2)); // Noon, by UTC.

    [Fact]
    public void A_day_is_cut_to_24_hours_without_gaps_and_in_UTC()
    {
        AudienceDayView day = Day((-30 * 60, OutputShows.Offline), (-25 * 60, OutputShows.Live), (-60, OutputShows.Slate), (-59, OutputShows.Live));
        Assert.Equal(Now.AddHours(-24), day.From);
        Assert.Equal(TimeSpan.Zero, day.From.Offset);
        Assert.Equal([OutputShows.Live, OutputShows.Slate, OutputShows.Live], day.Spans.Select(static span => span.Shows));
        Assert.Equal([23 * 3600, 60, 59 * 60], day.Spans.Select(static span => (int)span.Seconds));
        Assert.All(day.Spans.Zip(day.Spans.Skip(1)), static pair => Assert.Equal(pair.First.To, pair.Second.From));
        Assert.Equal(Now, day.Spans[^1].To);
        Assert.Equal(60, day.AwaySeconds);
    }

    [Fact]
    public void The_end_of_a_slate_that_is_planned_is_not_told_before_it_comes()
    {
        AudienceDayView day = Day((-2, OutputShows.Slate), (1, OutputShows.Offline));
        Assert.Equal(OutputShows.Slate, Assert.Single(day.Spans).Shows);
        Assert.Equal(Now, day.Spans[0].To);
    }

    [Fact]
    public void A_stream_of_which_nothing_is_recorded_has_no_band()
    {
        AudienceDayView day = Day();
        Assert.Equal((day.To, 0), (day.From, day.Spans.Count));
        Assert.Null(AudienceBand.Of(day));
    }

    [Theory]
    [InlineData(10, "the last hour", "−60 min")]
    [InlineData(60, "the last hour", "−60 min")]
    [InlineData(61, "the last 4 hours", "−4 h")]
    [InlineData(13 * 60, "the last 24 hours", "−24 h")]
    [InlineData(40 * 60, "the last 24 hours", "−24 h")]
    public void It_goes_back_as_far_as_is_recorded_in_whole_steps(int minutes, string words, string axis)
    {
        AudienceBand band = Band((-minutes, OutputShows.Live));
        Assert.Equal((words, axis), (band.Words, band.Axis[0]));
        Assert.Equal(AudienceBand.Width, band.Bars[0].Left + band.Bars[0].Width, 0.01);
    }

    [Fact]
    public void Parts_are_where_their_times_are_and_a_moment_is_wide_enough_to_be_seen()
    {
        AudienceBand band = Band((-24 * 60, OutputShows.Offline), (-12 * 60, OutputShows.Live), (-6 * 60, OutputShows.Dark), (-5.99, OutputShows.Live));
        Assert.Equal([0, 500, 750], band.Bars.Take(3).Select(static bar => (int)Math.Round(bar.Left)));
        Assert.Equal(500, band.Bars[0].Width, 0.01);
        band = Band((-24 * 60, OutputShows.Live), (-12 * 60, OutputShows.Dark), (-719.99, OutputShows.Live));
        Assert.Equal(2.5, band.Bars[1].Width, 0.01);
        Assert.True(band.Bars[1].IsNotch);
    }

    [Fact]
    public void What_ends_just_now_stays_within_the_drawing()
    {
        BandBar last = Band((-60, OutputShows.Live), (-0.01, OutputShows.Dark)).Bars[^1];
        Assert.Equal(AudienceBand.Width, last.Left + last.Width, 0.01);
    }

    [Fact]
    public void The_better_what_the_audience_gets_the_higher_it_stands()
    {
        int[] heights = [.. Enum.GetValues<OutputShows>().Select(AudienceBand.HeightOf)];
        Assert.Equal(heights.Order(), heights);
        Assert.Distinct(heights);
    }

    [Fact]
    public void A_sentence_and_totals_tell_it_without_a_picture()
    {
        AudienceBand band = Band((-60, OutputShows.Live), (-30, OutputShows.Slate), (-29, OutputShows.Live));
        Assert.Equal("the last hour: live 59 min 00 s, slate 1 min 00 s", band.Summary);
        Assert.Equal(OutputShows.Live, band.Spans[0].Shows);
    }

    [Fact]
    public void A_joined_part_says_how_often_it_changed_and_how_long_nothing_came()
    {
        AudienceDayView day = AudienceDayView.Of(
            StreamsTests.FullStatus("demo") with { Day = [new OutputSpan(Now.AddMinutes(-20), OutputShows.Live) { Joined = new JoinedSpans(9, TimeSpan.FromSeconds(45)) }] }, Now);
        Assert.Equal((9, 45), (day.Spans[0].Changes, (int)day.Spans[0].AwaySeconds));
        Assert.Equal(", 9 changes within, 45 s away", AudienceBand.Note(day.Spans[0]));
    }

    private static AudienceBand Band(params (double Minutes, OutputShows Shows)[] day) => AudienceBand.Of(Day(day))!;

    private static AudienceDayView Day(params (double Minutes, OutputShows Shows)[] day) =>
        AudienceDayView.Of(StreamsTests.FullStatus("demo") with { Day = [.. day.Select(static span => new OutputSpan(Now.AddMinutes(span.Minutes), span.Shows))] }, Now);
}
