using System.Globalization;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Publishers of every kind, and many at once: real ffmpeg on both sides.</summary>
public sealed class PublisherTests(ITestOutputHelper report)
{
    private static readonly string[] Quiet = ["-hide_banner", "-nostdin", "-loglevel", "warning", "-re"];
    private static readonly string[] Video = ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=15"];
    private static readonly string[] Audio = ["-f", "lavfi", "-i", "sine=sample_rate=48000"];
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"];
    private static readonly string[] Aac = ["-c:a", "aac", "-b:a", "64k"];
    private static readonly string[] ToRtmp = ["-output_ts_offset", "2.5", "-f", "flv"];
    private static readonly string[] ToRtsp = ["-rtsp_transport", "tcp", "-f", "rtsp"];

    /// <summary>Name, arguments, whether it publishes by RTSP, and the codecs that the output must have.</summary>
    public static TheoryData<string, string[], bool, string[]> Publishers => new()
    {
        { "RTSP", [.. Video, .. Audio, .. H264, "-g", "15", .. Aac], true, ["aac", "h264"] },
        { "no sound", [.. Video, .. H264, "-g", "15"], false, ["h264"] },
        { "no pictures", [.. Audio, .. Aac], false, ["aac"] },
        { "B-frames", [.. Video, .. Audio, "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "15", "-pix_fmt", "yuv420p", .. Aac], false, ["aac", "h264"] },
        { "a key frame every 4 s", [.. Video, .. Audio, .. H264, "-g", "60", .. Aac], false, ["aac", "h264"] },
    };

    [Theory, MemberData(nameof(Publishers))]
    public async Task Whatever_is_published_comes_out(string name, string[] arguments, bool byRtsp, string[] codecs)
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin);
        string id = TestStream.NewId("pub");
        string url = byRtsp ? system.Media.Rtsp($"live/{id}/in") : system.Media.Rtmp($"live/{id}/in");
        await using ChildProgram publisher = ChildProgram.Start("ffmpeg", [.. Quiet, .. arguments, .. byRtsp ? ToRtsp : ToRtmp, url]);
        await Eventually.Get<JsonElement?>(() => system.Status(id), static status => status?.GetProperty("phase").GetString() == "Running", $"{name} running");
        await system.WaitForPath($"live/{id}/out");
        Assert.Equal(codecs, await TestStream.Probe(system.Media.Rtsp($"live/{id}/out")));
        Assert.Equal(1, (await system.Status(id))!.Value.GetProperty("generation").GetInt64());
    }

    [Theory, OnBothServers]
    public async Task A_picture_that_changes_its_size_is_followed_by_the_same_worker(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind);
        string id = TestStream.NewId("size");
        const string Publish = """
            encode() { ffmpeg -hide_banner -nostdin -loglevel error -f lavfi -i "testsrc2=size=$1:rate=15" -t 5 -c:v libx264 -preset ultrafast -tune zerolatency -g 15 -pix_fmt yuv420p -f h264 -; }
            { encode 160x90; encode 320x180; encode 320x180; encode 320x180; } | exec ffmpeg -hide_banner -loglevel error -re -r 15 -f h264 -i - -c copy -rtsp_transport tcp -f rtsp "$0"
            """;
        await using ChildProgram publisher = ChildProgram.Start("sh", ["-c", Publish, system.Media.Rtsp($"live/{id}/in")]);
        await system.WaitForFrames(id);
        JsonElement later = (await Eventually.Get<JsonElement?>(() => system.Status(id), static status => StreamsSystem.Frames(status!.Value) > 120, "frames after the change"))!.Value;
        Assert.Equal(1, later.GetProperty("generation").GetInt64());
        Assert.Equal("Running", later.GetProperty("phase").GetString());
    }

    [Fact]
    public async Task Twenty_light_streams_run_at_once_each_with_one_worker_and_one_output()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin);
        string name = TestStream.NewId("many")[..14];
        string[] ids = [.. Enumerable.Range(0, 20).Select(i => $"{name}-{i.ToString(CultureInfo.InvariantCulture)}")];
        await using WorkerWatch watch = new(id => id.StartsWith(name, StringComparison.Ordinal));
        List<ChildProgram> publishers = [.. ids.Select(id => ChildProgram.Start(
            "ffmpeg", [.. Quiet, "-f", "lavfi", "-i", "testsrc2=size=96x54:rate=5", .. H264, "-g", "5", .. ToRtmp, system.Media.Rtmp($"live/{id}/in")]))];
        TimeSpan patience = TimeSpan.FromSeconds(60);
        foreach (string id in ids)
        {
            JsonElement running = await system.WaitForFrames(id, patience: patience);
            Assert.Equal(1, running.GetProperty("generation").GetInt64());
            await system.WaitForPath($"live/{id}/out", patience);
        }

        Assert.All(ids, static id => Assert.Single(StreamsSystem.WorkersOf(id)));
        foreach (ChildProgram publisher in publishers)
        {
            await publisher.DisposeAsync();
        }

        await Eventually.True(() => ids.All(static id => StreamsSystem.WorkersOf(id).Count == 0), "no worker left", patience);
        Assert.Empty(watch.Doubled);
        report.WriteLine($"20 streams, {watch.Looks} looks at their workers, none doubled");
    }
}
