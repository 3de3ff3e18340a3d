using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

public sealed class EndOfStreamTests(SharedServers servers)
{
    [Theory, OnBothServers]
    public async Task The_end_of_a_stream_closes_its_readers_and_the_path_vanishes(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        await server.WaitUntilAvailable(path);
        await using ChildProgram rtsp = TestStream.ReadRtsp(server.Rtsp(path));
        await using ChildProgram rtmp = TestStream.ReadRtmp(server.Rtmp(path));
        JsonElement both = (await Eventually.Get(
            () => server.FindPath(path), item => item?.GetProperty("readers").GetArrayLength() == 2, "both readers"))!.Value;
        Assert.Equal(
            ["rtmpConn", "rtspSession"],
            both.GetProperty("readers").EnumerateArray().Select(reader => reader.GetProperty("type").GetString()));

        publisher.Signal(ChildProgram.Interrupt);
        await rtsp.WaitForEnd();
        await rtmp.WaitForEnd();
        await server.WaitUntilGone(path);
    }

    [Theory, OnBothServers]
    public async Task A_kicked_publisher_ends(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        string source = (await server.WaitUntilAvailable(path)).SourceId();
        using HttpResponseMessage kicked = await server.Api.PostAsync($"/v3/{server.Version.Endpoint("rtmpconns")}/kick/{source}", null);
        Assert.Equal("{\"status\":\"ok\"}", await kicked.Content.ReadAsStringAsync());
        await publisher.WaitForEnd();
        await server.WaitUntilGone(path);
        Assert.Equal(source, (await servers.Hook.WaitFor("not-ready", path)).SourceId);
    }

    [Theory, OnBothServers]
    public async Task A_kicked_reader_ends_and_the_stream_does_not(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        await server.WaitUntilAvailable(path);
        await using ChildProgram reader = TestStream.ReadRtsp(server.Rtsp(path));
        JsonElement item = (await Eventually.Get(
            () => server.FindPath(path), item => item?.GetProperty("readers").GetArrayLength() == 1, "the reader"))!.Value;
        string session = item.GetProperty("readers")[0].GetProperty("id").GetString()!;
        using HttpResponseMessage kicked = await server.Api.PostAsync($"/v3/{server.Version.Endpoint("rtspsessions")}/kick/{session}", null);
        Assert.True(kicked.IsSuccessStatusCode);
        await reader.WaitForEnd();
        await Eventually.Get(() => server.FindPath(path), now => now?.GetProperty("readers").GetArrayLength() == 0, "the reader to be gone");
    }
}
