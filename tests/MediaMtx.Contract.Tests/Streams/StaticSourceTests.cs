using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>Paths whose stream the server pulls by RTSP.</summary>
public sealed class StaticSourceTests(SharedServers servers)
{
    [Theory, OnBothServers]
    public async Task A_path_is_pulled_and_its_source_has_no_id(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        (string from, string path) = (NewPath(), NewPath());
        await using ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(from));
        await server.WaitUntilAvailable(from);
        await server.AddPath(path, Settings(server, from));
        JsonElement item = await server.WaitUntilAvailable(path);
        JsonElement recorded = Recording.Json("static-source.json");
        Assert.Equal(Recording.Names(recorded), Recording.Names(item));
        Assert.Equal(recorded.GetProperty("source").ToString(), item.GetProperty("source").ToString());
        Assert.Equal(recorded.GetProperty("tracks").ToString(), item.GetProperty("tracks").ToString());
        Assert.Equal(path, item.GetProperty("confName").GetString());
        Assert.True(item.GetProperty("online").GetBoolean());

        HookEvent ready = await servers.Hook.WaitFor("ready", path);
        Assert.Equal("rtspSource", ready.Environment["MTX_SOURCE_TYPE"]);
        Assert.Equal("", ready.Environment["MTX_SOURCE_ID"]);
        (int pictures, int _, string errors) = await TestStream.Decode(server.Rtsp(path));
        Assert.True(errors.Length == 0, errors);
        Assert.True(pictures >= 50, $"Only {pictures} pictures");
        await server.Configure("delete", path);
    }

    [Theory, OnBothServers]
    public async Task It_waits_for_a_source_that_is_not_there_yet_and_for_one_that_went(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        (string from, string path) = (NewPath(), NewPath());
        await server.AddPath(path, Settings(server, from));
        JsonElement waiting = await server.WaitForPath(path, static _ => true, "to be there");
        Assert.Equal(
            (false, true, "0001-01-01T00:00:00Z", "rtspSource", 0),
            (waiting.GetProperty("available").GetBoolean(), waiting.GetProperty("online").GetBoolean(), waiting.GetProperty("onlineTime").GetString(),
                waiting.GetProperty("source").GetProperty("type").GetString(), waiting.GetProperty("tracks").GetArrayLength()));
        await server.WaitForLine($"[path {path}] [RTSP source] bad status code: 404 (Not Found)");

        await using (ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(from)))
        {
            await server.WaitUntilAvailable(path);
            publisher.Signal(ChildProgram.Interrupt);
            await server.WaitForPath(path, static item => !item.GetProperty("available").GetBoolean(), "to be unavailable");
            await servers.Hook.WaitFor("not-ready", path);
        }

        await using ChildProgram again = TestStream.PublishRtsp(server.Rtsp(from));
        await server.WaitUntilAvailable(path);
        await server.Configure("delete", path);
        await server.WaitUntilGone(path);
    }

    [Theory, OnBothServers]
    public async Task One_that_is_pulled_on_demand_is_there_while_somebody_reads(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        (string from, string path) = (NewPath(), NewPath());
        await using ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(from));
        await server.WaitUntilAvailable(from);
        await server.AddPath(path, Settings(server, from, ""","sourceOnDemand":true,"sourceOnDemandCloseAfter":"1s" """));
        Assert.False((await server.WaitForPath(path, static _ => true, "to be there")).GetProperty("available").GetBoolean());
        Assert.Empty(servers.Hook.EventsOf(path));

        await using (ChildProgram reader = TestStream.ReadRtsp(server.Rtsp(path)))
        {
            await server.WaitForPath(path, static item => item.GetProperty("outboundBytes").GetInt64() > 0, "to be read");
            await server.WaitForLine($"[path {path}] [RTSP source] started on demand");
        }

        await server.WaitForPath(path, static item => !item.GetProperty("available").GetBoolean(), "to be unavailable");
        await server.WaitForLine($"[path {path}] [RTSP source] stopped: not needed by anyone");
        await server.Configure("delete", path);
    }

    [Theory, OnBothServers]
    public async Task A_reader_of_one_that_does_not_come_hears_so(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = NewPath();
        await server.AddPath(path, Settings(server, NewPath(), ""","sourceOnDemand":true,"sourceOnDemandStartTimeout":"500ms" """));
        await using ChildProgram reader = TestStream.ReadRtsp(server.Rtsp(path));
        Assert.NotEqual(0, await reader.WaitForEnd());
        await server.WaitForLine($"closed: source of path '{path}' has timed out");
        await server.Configure("delete", path);
    }

    [Theory, OnBothServers]
    public async Task Nobody_may_publish_it(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = NewPath();
        await server.AddPath(path, Settings(server, NewPath()));
        await using ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(path));
        Assert.NotEqual(0, await publisher.WaitForEnd());
        await server.WaitForLine($"can't publish to path '{path}' since 'source' is not 'publisher'");
        await server.Configure("delete", path);
    }

    private static string NewPath() => $"live/{TestStream.NewId()}/in";

    private static string Settings(MediaServer server, string from, string more = "")
    {
        (string begin, string end) = server.Version.StreamHooks;
        return $$"""{"source":"{{server.Rtsp(from)}}","rtspTransport":"tcp","{{begin}}":"mtx-hook ready","{{end}}":"mtx-hook not-ready"{{more}}}""";
    }
}
