using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Streams.Grains.Tests.Workers;

public sealed class ProgressParserTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_report_of_ffmpeg_is_read_whole()
    {
        FfmpegProgressParser parser = new(_time);
        string[] lines =
        [
            "frame=150", "fps=30.02", "stream_0_0_q=-1.0", "bitrate= 812.4kbits/s", "total_size=507750", "out_time_us=5000000",
            "out_time_ms=5000000", "out_time=00:00:05.000000", "dup_frames=1", "drop_frames=2", "speed=1.01x",
        ];
        Assert.All(lines, line => Assert.Null(parser.Parse(line)));
        Assert.Equal(
            new WorkerProgress
            {
                Frames = 150,
                Fps = 30.02,
                BitrateBps = 812_400,
                TotalBytes = 507_750,
                OutTime = TimeSpan.FromSeconds(5),
                DuplicatedFrames = 1,
                DroppedFrames = 2,
                Speed = 1.01,
                At = _time.GetUtcNow(),
            },
            parser.Parse("progress=continue"));
    }

    [Fact]
    public void What_ffmpeg_does_not_know_yet_is_left_as_it_was()
    {
        FfmpegProgressParser parser = new(_time);
        parser.Parse("frame=10");
        parser.Parse("out_time_us=N/A");
        parser.Parse("total_size=N/A");
        parser.Parse("bitrate=N/A");
        parser.Parse("speed=N/A");
        WorkerProgress report = parser.Parse("progress=continue")!;
        Assert.Equal((10, TimeSpan.Zero, 0, 0, 0), (report.Frames, report.OutTime, report.TotalBytes, report.BitrateBps, report.Speed));
    }

    [Theory]
    [InlineData("frame=99999999999999999999999")]
    [InlineData("out_time_us=9223372036854775807")]
    [InlineData("speed=1e999x")]
    [InlineData("frame=-5")]
    [InlineData("=")]
    [InlineData("progress")]
    public void A_broken_line_is_passed_over(string line)
    {
        FfmpegProgressParser parser = new(_time);
        parser.Parse(line);
        WorkerProgress report = parser.Parse("progress=end")!;
        Assert.Equal(new WorkerProgress { At = _time.GetUtcNow() }, report);
    }

    [Fact]
    public void No_line_at_all_breaks_a_parser() => Gen.String.Array.Sample(lines =>
    {
        FfmpegProgressParser ffmpeg = new(_time);
        GStreamerProgressParser gstreamer = new(_time);
        foreach (string line in lines)
        {
            ffmpeg.Parse(line);
            gstreamer.Parse(line);
        }
    }, iter: 2_000);

    [Theory]
    [InlineData("progress (00:00:05): 5 seconds", 5)]
    [InlineData("progress (01:02:03): 3723 seconds", 3723)]
    public void A_report_of_GStreamer_is_read(string line, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new GStreamerProgressParser(_time).Parse(line)?.OutTime);
}
