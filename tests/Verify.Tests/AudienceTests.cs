using Streams.Verify.Audience;
using Streams.Verify.Measures;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>What counts as an audience that has stayed.</summary>
public sealed class AudienceTests
{
    private static readonly AudienceInput Input = AudienceInput.All[0];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1.3);

    private static readonly ReaderVerdict Good =
        new() { Reader = "RTSP", IsLost = false, Gap = TimeSpan.FromSeconds(0.4), Step = TimeSpan.FromSeconds(-0.05), StepsBack = 0, Damage = [] };

    [Fact]
    public void A_reader_that_saw_little_of_it_is_met() => Assert.True(Good.IsMet(Limit));

    [Fact]
    public void A_lost_reader_a_long_gap_a_large_step_a_step_back_and_a_damaged_picture_are_each_not_met()
    {
        Assert.False((Good with { IsLost = true }).IsMet(Limit));
        Assert.False((Good with { Gap = TimeSpan.FromSeconds(1.31) }).IsMet(Limit));
        Assert.False((Good with { Step = TimeSpan.FromSeconds(-0.21) }).IsMet(Limit));
        Assert.False((Good with { StepsBack = 1 }).IsMet(Limit));
        Assert.False((Good with { Damage = ["[h264 @ 0x1] [error] error while decoding MB 1 2"] }).IsMet(Limit));
        Assert.False((Good with { SoundStep = TimeSpan.FromSeconds(0.21) }).IsMet(Limit));
        Assert.True((Good with { Step = null }).IsMet(Limit));
    }

    [Fact]
    public void The_limit_is_a_GOP_and_a_little_and_what_nobody_could_show()
    {
        Fault restart = Fault.All.Single(static fault => fault.Name == "restart by an operator");
        Fault away = Fault.All.Single(static fault => fault.Name == "publisher away for 3 s");
        Assert.Equal(TimeSpan.FromSeconds(2.3), restart.Limit(TimeSpan.FromSeconds(2), TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromSeconds(5.2), away.Limit(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3.4)));
    }

    [Fact]
    public void One_change_that_is_not_met_fails_all_and_each_has_a_row()
    {
        (IReadOnlyList<Results.ReportRow> rows, Results.Outcome outcome) = KeptAudience.Sum(
            [new("restart", Input, Limit, [Good, Good]), new("takeover", Input, Limit, [Good, Good with { IsLost = true, Step = null }])], ["a note"]);
        Assert.False(outcome.Passed);
        Assert.Equal("1 of 2 changes met; 1 of 4 readers lost, largest step 0.05 s, 0 steps back, 0 damages", outcome.Measured);
        Assert.Equal(["a note"], outcome.Notes);
        Assert.Equal(["SC-013.01", "SC-013.02"], rows.Select(static row => row.Criterion.Id));
        Assert.Equal([true, false], rows.Select(static row => row.Passed));
        Assert.Equal("1 of 2 lost; gap RTSP 0.40 s, step -0.05; RTSP LOST, 0.40 s (at most 1.3 s)", rows[1].Five.Measured);
    }

    [Fact]
    public void What_could_not_be_measured_is_not_met()
    {
        Assert.False(KeptAudience.Sum([], []).Outcome.Passed);
        Assert.False(new FaultResult("restart", Input, Limit, []).IsMet);
        FaultResult failed = new("restart", Input, Limit, [Good], "it did not come");
        Assert.False(failed.IsMet);
        Assert.Equal("not measured: it did not come", failed.Measured);
    }

    [Fact]
    public void All_changes_are_measured_with_one_input_and_with_each_when_that_is_asked_for()
    {
        Assert.Equal([Fault.All.Count, Fault.Telling.Count, Fault.Telling.Count, Fault.Telling.Count], new AudienceChoice(null).Combinations.Select(static one => one.Faults.Count));
        Assert.All(new AudienceChoice("all").Combinations, static one => Assert.Equal(Fault.All, one.Faults));
        Assert.Equal(AudienceInput.All, new AudienceChoice("all").Combinations.Select(static one => one.Input));
        Assert.Equal([AudienceInput.All[0]], new AudienceChoice("off").Combinations.Select(static one => one.Input));
        Assert.False(new AudienceChoice("off").IsKept);
        Assert.Throws<ArgumentException>(() => new AudienceChoice("some"));
    }

    [Fact]
    public void A_verdict_counts_what_was_after_the_change_only()
    {
        SeenFrame[] frames = [.. FrameSeriesTests.Steady(0, 10), .. FrameSeriesTests.Steady(10.5, 20)];
        ReaderLog log = new()
        {
            Pictures = frames,
            Losses = [TimeSpan.FromSeconds(1)],
            Complaints = [new(TimeSpan.FromSeconds(1), "[h264 @ 0x1] [error] no frame!"), new(TimeSpan.FromSeconds(10.6), "[vost#0:0/rawvideo @ 0x1] [warning] Non-monotonic DTS; previous: 5, current: 4", TimeSpan.FromSeconds(0.1)), new(TimeSpan.FromSeconds(10.7), "Non-monotonic DTS", TimeSpan.FromMilliseconds(0.4))],
        };
        ReaderVerdict verdict = ReaderVerdict.Of("RTSP", ReaderKind.Live, log, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(19));
        Assert.False(verdict.IsLost);
        Assert.Empty(verdict.Damage);
        Assert.Equal((1, TimeSpan.FromSeconds(0.1)), (verdict.StepsBack, verdict.FurthestBack));
        Assert.InRange(verdict.Gap.TotalSeconds, 0.5, 0.6);
        Assert.True(ReaderVerdict.Of("RTSP", ReaderKind.Live, log, TimeSpan.Zero, TimeSpan.FromSeconds(19)) is { IsLost: true, Damage.Count: 1, Step: null });
    }
}
