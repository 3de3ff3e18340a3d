using System.Collections.Immutable;
using Xunit;

namespace Streams.Grains.Tests.Workers;

public sealed class OutputChoiceTests
{
    private static readonly WorkerProfile Profile = new()
    {
        Outputs =
        [
            new WorkerOutput { Video = ["H264"], Audio = ["MPEG-4 Audio"], Arguments = ["rtmp"] },
            new WorkerOutput { Video = ["H264", "H265"], Audio = ["MPEG-4 Audio", "Opus"], MaxVideo = 2, MaxAudio = 2, Arguments = ["rtsp"] },
        ],
    };

    [Theory]
    [InlineData("rtmp", "H264", "MPEG-4 Audio")]
    [InlineData("rtmp", "H264")]
    [InlineData("rtmp", "MPEG-4 Audio")]
    [InlineData("rtmp", "H264", "MPEG-4 Audio", "KLV")]
    [InlineData("rtsp", "H265", "MPEG-4 Audio")]
    [InlineData("rtsp", "H264", "Opus")]
    [InlineData("rtsp", "H264", "MPEG-4 Audio", "MPEG-4 Audio")]
    [InlineData("rtsp", "H264", "H264")]
    [InlineData(null, "AV1", "Opus")]
    [InlineData(null, "H264", "Opus", "Opus", "Opus")]
    [InlineData(null, "KLV")]
    [InlineData(null, "H264", "a codec of tomorrow")]
    public void The_first_output_that_carries_all_tracks_is_taken(string? expected, params string[] tracks) =>
        Assert.Equal(expected, OutputChoice.Find(Profile, [.. tracks])?.Arguments[0]);

    [Fact]
    public void An_output_of_which_nothing_arrived_is_followed_by_the_next_that_carries_the_tracks()
    {
        Assert.Equal(["rtmp", "rtsp", "rtmp"], Enumerable.Range(0, 3).Select(static passed => OutputChoice.Find(Profile, ["H264", "MPEG-4 Audio"], passed)!.Arguments[0]));
        Assert.Equal("rtsp", OutputChoice.Find(Profile, ["H265"], 5)!.Arguments[0]);
    }

    [Fact]
    public void Without_known_tracks_the_first_output_is_taken() => Assert.Equal("rtmp", OutputChoice.Find(Profile, [])!.Arguments[0]);

    [Theory]
    [InlineData("The input's video codec AV1 does not fit into the output", "AV1", "Opus")]
    [InlineData("The input's video codec AV1 and audio codec G711 does not fit into the output", "AV1", "G711")]
    [InlineData("The input's 4 tracks (H264, Opus, Opus, Opus) do not fit together into the output", "H264", "Opus", "Opus", "Opus")]
    [InlineData("The input has neither picture nor sound, only KLV.", "KLV")]
    public void What_does_not_fit_is_named(string expected, params string[] tracks) => Assert.Equal(expected, OutputChoice.Explain(Profile, ImmutableArray.Create(tracks)));
}
