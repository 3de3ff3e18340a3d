using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

public sealed class AvailabilityTests(SharedServers servers)
{
    private static readonly TimeSpan AnalysedStreamTime = TimeSpan.FromSeconds(2);

    [Theory, OnBothServers]
    public async Task An_RTMP_publisher_is_available_after_two_seconds_of_its_own_time(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmpPlainly(server.Rtmp(path));
        JsonElement item = await server.WaitUntilAvailable(path);
        TimeSpan taken = await TimeToAvailable(server, item);
        Assert.InRange(taken, AnalysedStreamTime - TimeSpan.FromMilliseconds(300), AnalysedStreamTime + TimeSpan.FromSeconds(3));
    }

    [Theory, OnBothServers]
    public async Task One_whose_first_frame_is_stamped_later_than_that_is_available_at_once(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        JsonElement item = await server.WaitUntilAvailable(path);
        TimeSpan taken = await TimeToAvailable(server, item);
        Assert.True(taken < AnalysedStreamTime - TimeSpan.FromMilliseconds(500), $"It took {taken.TotalSeconds:0.00} s.");
    }

    [Theory, OnBothServers]
    public async Task The_path_says_what_it_is_and_who_publishes_it(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        JsonElement item = await server.WaitUntilAvailable(path);
        JsonElement recorded = Recording.Json("api-paths-get.json");
        Assert.Equal(Recording.Names(recorded), Recording.Names(item));
        Assert.Equal(["H264", "MPEG-4 Audio"], item.GetProperty("tracks").Strings());
        Assert.Equal(recorded.GetProperty("tracks2").ToString(), item.GetProperty("tracks2").ToString());
        Assert.Equal(recorded.GetProperty("confName").GetString(), item.GetProperty("confName").GetString());
        Assert.Equal("rtmpConn", item.GetProperty("source").GetProperty("type").GetString());
        Assert.True(Guid.TryParse(item.SourceId(), out Guid _));
        Assert.Empty(item.GetProperty("readers").EnumerateArray());
        long before = item.GetProperty("inboundBytes").GetInt64();
        await Eventually.Get(
            () => server.Ask($"/v3/paths/get/{path}"), now => now.GetProperty("inboundBytes").GetInt64() > before, "bytes to come in");
    }

    [Theory, OnBothServers]
    public async Task A_publisher_that_freezes_is_noticed_after_the_read_timeout(MediaServerKind kind)
    {
        await using MediaServer server = await MediaServer.Start(new MediaServerOptions
        {
            Kind = kind,
            HookFolder = servers.Hook.Folder,
            Environment = new Dictionary<string, string> { ["MTX_READTIMEOUT"] = "2s" },
        });
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        await server.WaitUntilAvailable(path);
        publisher.Signal(ChildProgram.Freeze);
        await servers.Hook.WaitFor("not-ready", path);
        await server.WaitUntilGone(path);
        Assert.Contains("i/o timeout", await server.WaitForLine("] closed: "), StringComparison.Ordinal);
    }

    [Theory, OnBothServers]
    public async Task A_publisher_that_is_killed_is_noticed_at_once(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        await server.WaitUntilAvailable(path);
        long killed = TimeProvider.System.GetTimestamp();
        publisher.Signal(9);
        await server.WaitUntilGone(path);
        Assert.True(TimeProvider.System.GetElapsedTime(killed) < TimeSpan.FromSeconds(2));
    }

    private static async Task<TimeSpan> TimeToAvailable(MediaServer server, JsonElement path)
    {
        JsonElement connection = await server.Ask($"/v3/{server.Version.Endpoint("rtmpconns")}/get/{path.SourceId()}");
        return path.GetProperty("availableTime").GetDateTimeOffset() - connection.GetProperty("created").GetDateTimeOffset();
    }
}
