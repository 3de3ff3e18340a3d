using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

public sealed class GStreamerTests(SharedServers servers)
{
    private const string Video = "videotestsrc is-live=true ! video/x-raw,width=320,height=180,framerate=30/1 ! " +
        "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=30 bitrate=300 ! h264parse ! mux. ";

    private const string Audio = "audiotestsrc is-live=true ! audioconvert ! audioresample ! avenc_aac ! aacparse ! mux. ";

    [Theory, OnBothServers]
    public Task Publishes_with_rtmp2sink(MediaServerKind kind) => Publishes(kind, "rtmp2sink");

    [Theory, OnBothServers]
    public Task Publishes_with_rtmpsink(MediaServerKind kind) => Publishes(kind, "rtmpsink");

    [Theory, OnBothServers]
    public async Task Plays_with_rtspsrc(MediaServerKind kind)
    {
        string launch = Need("rtspsrc");
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        await server.WaitUntilAvailable(path);
        string pipeline = $"rtspsrc location={server.Rtsp(path)} protocols=tcp name=src " +
            "src. ! rtph264depay ! h264parse ! avdec_h264 ! fakesink num-buffers=60 sync=false " +
            "src. ! rtpmp4gdepay ! aacparse ! avdec_aac ! fakesink num-buffers=60 sync=false";
        (int code, string output) = await ChildProgram.Run(launch, ["-q", .. pipeline.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.True(code == 0, $"{output}\nThe server wrote:\n{string.Join('\n', server.Lines.Where(static line => line.Contains("RTSP", StringComparison.Ordinal)).TakeLast(20))}");
    }

    private async Task Publishes(MediaServerKind kind, string sink)
    {
        string launch = Need(sink);
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        string pipeline = $"{Video}{Audio}flvmux name=mux streamable=true ! {sink} location={server.Rtmp(path)}";
        await using ChildProgram publisher = ChildProgram.Start(launch, ["-q", .. pipeline.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        await server.WaitUntilAvailable(path);
        Assert.Equal(["aac", "h264"], await TestStream.Probe(server.Rtsp(path)));
        (int pictures, int _, string errors) = await TestStream.Decode(server.Rtsp(path));
        Assert.True(errors.Length == 0, errors);
        Assert.True(pictures >= 50, $"Only {pictures} pictures");
    }

    private static string Need(string element)
    {
        string? launch = ChildProgram.Find("gst-launch-1.0");
        Assert.SkipWhen(launch is null, "No GStreamer on this machine: gst-launch-1.0 is not on the PATH.");
        using System.Diagnostics.Process inspect = System.Diagnostics.Process.Start("gst-inspect-1.0", ["--exists", element]);
        inspect.WaitForExit();
        Assert.SkipWhen(inspect.ExitCode != 0, $"This GStreamer has no {element}.");
        return launch;
    }
}
