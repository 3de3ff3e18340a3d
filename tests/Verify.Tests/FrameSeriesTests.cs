using Streams.Verify.Audience;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>Gaps and steps in what a reader received, and the lines that it is read from.</summary>
public sealed class FrameSeriesTests
{
    [Fact]
    public void The_gap_is_the_longest_time_without_a_picture_that_ended_after_the_change()
    {
        SeenFrame[] frames = [.. Steady(0, 3), .. Steady(5, 10), .. Steady(11, 15)];
        Assert.Equal(1.1, FrameSeries.LongestGap(frames, Seconds(6), Seconds(14.9)).TotalSeconds, 3);
        Assert.Equal(2.1, FrameSeries.LongestGap(frames, Seconds(2), Seconds(14.9)).TotalSeconds, 3);
    }

    [Fact]
    public void A_gap_that_has_not_ended_counts()
    {
        Assert.Equal(6.1, FrameSeries.LongestGap([.. Steady(0, 3)], Seconds(1), Seconds(9)).TotalSeconds, 3);
        Assert.Equal(2, FrameSeries.LongestGap([], Seconds(1), Seconds(3)).TotalSeconds, 3);
    }

    [Fact]
    public void A_step_is_what_time_stamps_moved_against_the_clock()
    {
        Assert.Equal(0.3, FrameSeries.Step([.. Steady(0, 5), .. Steady(6, 12, 0.3)], Seconds(5), Seconds(11))!.Value.TotalSeconds, 3);
        Assert.Equal(-0.1, FrameSeries.Step([.. Steady(0, 5), .. Steady(6, 12, -0.1)], Seconds(5), Seconds(11))!.Value.TotalSeconds, 3);
        Assert.Equal(0, FrameSeries.Step([.. Steady(0, 5), .. Steady(6, 12)], Seconds(5), Seconds(11))!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void Without_pictures_on_both_sides_there_is_no_step() => Assert.Null(FrameSeries.Step([.. Steady(0, 5)], Seconds(5), Seconds(11)));

    [Fact]
    public void A_time_stamp_before_the_last_one_is_a_step_back()
    {
        SeenFrame[] frames = [.. Steady(0, 5), .. Steady(5, 10, -0.5)];
        Assert.Equal([Seconds(0.4)], FrameSeries.StepsBack(frames, Seconds(4)));
        Assert.Empty(FrameSeries.StepsBack(frames, Seconds(6)));
        Assert.Empty(FrameSeries.StepsBack([.. Steady(0, 5), .. Steady(5, 10, 0.5)], Seconds(4)));
    }

    [Fact]
    public void A_player_shows_segments_without_a_pause_once_it_has_a_buffer()
    {
        SeenFrame[] segments = [.. Segment(0, 1), .. Segment(1, 2), .. Segment(2, 3.4), .. Segment(3, 4), .. Segment(4, 5)];
        Assert.Equal(0.5, FrameSeries.LongestFreeze(segments, Seconds(2.2), Seconds(5)).TotalSeconds, 3);
        Assert.Equal(0.1, FrameSeries.LongestFreeze(segments, Seconds(3.5), Seconds(5)).TotalSeconds, 3);
    }

    [Fact]
    public void A_player_stands_still_for_a_hole_in_the_time_stamps_which_counts_where_it_arrived()
    {
        SeenFrame[] segments = [.. Segment(0, 1), .. Segment(1, 2), .. Segment(4, 5), .. Segment(5, 6), .. Segment(6, 7)];
        Assert.Equal(2.1, FrameSeries.LongestFreeze(segments, Seconds(1.5), Seconds(5.5)).TotalSeconds, 3);
        Assert.Equal(0.1, FrameSeries.LongestFreeze(segments, Seconds(5.5), Seconds(7)).TotalSeconds, 3);
    }

    [Fact]
    public void A_player_that_receives_nothing_more_stands_still() => Assert.Equal(3, FrameSeries.LongestFreeze([.. Segment(0, 1)], Seconds(2), Seconds(5)).TotalSeconds, 3);

    [Fact]
    public void A_few_pictures_between_two_standstills_do_not_end_the_first()
    {
        Assert.Equal(4.6, FrameSeries.LongestStandstill([.. Steady(0, 3), .. Steady(5, 5.5), .. Steady(7.5, 15)], Seconds(2), Seconds(14.9)).TotalSeconds, 3);
        Assert.Equal(2.1, FrameSeries.LongestStandstill([.. Steady(0, 3), .. Steady(5, 7), .. Steady(8.5, 15)], Seconds(2), Seconds(14.9)).TotalSeconds, 3);
        Assert.Equal(0.1, FrameSeries.LongestStandstill([.. Steady(0, 15)], Seconds(2), Seconds(14.9)).TotalSeconds, 3);
    }

    [Fact]
    public void A_picture_that_is_shown_again_is_no_other_picture()
    {
        SeenFrame[] again = [.. Steady(0, 3), .. Enumerable.Range(0, 20).Select(static index => new SeenFrame(Seconds(3 + (index * 0.1)), Seconds(2.9))), .. Steady(5, 10)];
        Assert.Equal(2.1, FrameSeries.LongestStandstill(again, Seconds(2), Seconds(9)).TotalSeconds, 3);
        Assert.Equal(0.1, FrameSeries.LongestStandstill([.. Steady(0, 10), .. Steady(10, 15, -9)], Seconds(9), Seconds(14.9)).TotalSeconds, 3);
    }

    [Fact]
    public void A_standstill_that_has_not_ended_counts() => Assert.Equal(6.1, FrameSeries.LongestStandstill([.. Steady(0, 3)], Seconds(1), Seconds(9)).TotalSeconds, 3);

    [Fact]
    public void Lines_of_ffmpeg_are_read_with_the_time_base_of_their_stream()
    {
        FrameLines lines = new();
        Assert.Null(lines.Read("0,          0,          0,     3000,        1, 0x00650065"));
        Assert.Null(lines.Read("#tb 0: 1/90000"));
        Assert.Null(lines.Read("#tb 1: 1/48000"));
        Assert.Equal((0, Seconds(2)), lines.Read("0,     177000,     180000,     3000,        1, 0x00650065"));
        Assert.Equal((1, Seconds(3)), lines.Read("1,     144000,     144000,     1024,      170, 0x12345678, S=1, 1, 0x1"));
        Assert.Equal(Seconds(0.5), lines.ReadStepBack("[null @ 0x1] [warning] Non-monotonous DTS in output stream 0:1; previous: 48000, current: 24000; changing to 48000."));
        Assert.Equal(Seconds(1), lines.ReadStepBack("[vost#0:0/rawvideo @ 0x1] [warning] Non-monotonic DTS; previous: 180000, current: 90000; changing to 180000."));
        Assert.Null(lines.ReadStepBack("[rtsp @ 0x1] [warning] max delay reached"));
        Assert.Null(lines.Read("#sar 0: 1/1"));
        Assert.Null(lines.Read("1,  NOPTS"));
    }

    [Theory]
    [InlineData("[h264 @ 0x55d0] [error] error while decoding MB 3 5, bytestream -7", true, false)]
    [InlineData("[vist#0:0/h264 @ 0x55d0] [dec:h264 @ 0x56] [error] Error submitting packet to decoder", true, false)]
    [InlineData("[vost#0:1/copy @ 0x55d0] [warning] Non-monotonic DTS; previous: 5, current: 4; changing to 6.", false, true)]
    [InlineData("[rtsp @ 0x55d0] [warning] max delay reached. need to consume packet", false, false)]
    public void What_a_decoder_complains_of_is_damage(string line, bool isDamage, bool isStepBack)
    {
        Complaint complaint = new(TimeSpan.Zero, line);
        Assert.Equal((isDamage, isStepBack), (complaint.IsDamage, complaint.IsStepBack));
    }

    /// <summary>Ten pictures a second, which arrive as they are stamped, but for a shift.</summary>
    internal static IEnumerable<SeenFrame> Steady(double from, double until, double shift = 0) =>
        Enumerable.Range(0, (int)Math.Round((until - from) * 10)).Select(index => new SeenFrame(Seconds(from + (index * 0.1)), Seconds(from + (index * 0.1) + shift)));

    /// <summary>A second of pictures that arrives at once.</summary>
    private static IEnumerable<SeenFrame> Segment(double from, double arrived) => Enumerable.Range(0, 10).Select(index => new SeenFrame(Seconds(arrived), Seconds(from + (index * 0.1))));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
