using Streams.Testing;
using Streams.Verify.Inputs;
using Streams.Verify.Measures;
using Streams.Verify.Results;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>What counts as met when many kinds of input were tried.</summary>
public sealed class EveryInputTests
{
    private static readonly InputResult Good = new(TestInputs.Usual, InputTransport.Rtmp, true, "0.8 s: H264, MPEG-4 Audio");
    private static readonly InputResult Bad = new(TestInputs.Usual, InputTransport.Pulled, false, "no output in 20 s");
    private static readonly InputResult Unpublished = new(TestInputs.Usual, InputTransport.Rtsp, null, "ffmpeg: Unsupported codec av1");

    [Fact]
    public void What_cannot_be_published_is_listed_and_fails_nothing()
    {
        (IReadOnlyList<ReportRow> rows, Outcome outcome) = EveryInput.Sum([Good, Unpublished]);
        Assert.True(outcome.Passed);
        Assert.Equal("1 of 1 kinds, 1 cannot be published here", outcome.Measured);
        Assert.Equal(["SC-012.01", "SC-012.02"], rows.Select(static row => row.Criterion.Id));
        Assert.Equal("cannot be published here: ffmpeg: Unsupported codec av1", rows[1].Five.Measured);
        Assert.All(rows, static row => Assert.True(row.Passed));
    }

    [Fact]
    public void One_that_fails_fails_all_and_is_named()
    {
        (IReadOnlyList<ReportRow> rows, Outcome outcome) = EveryInput.Sum([Good, Bad]);
        Assert.False(outcome.Passed);
        Assert.False(rows[1].Passed);
        Assert.Contains("FAILED H.264, AAC, pulled by RTSP: no output in 20 s", outcome.Notes);
    }

    [Fact]
    public void Nothing_tried_is_not_met() => Assert.False(EveryInput.Sum([Unpublished]).Outcome.Passed);
}
