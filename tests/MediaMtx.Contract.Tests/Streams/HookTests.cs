using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

public sealed class HookTests(SharedServers servers)
{
    private static readonly string[] FromMediaMtx =
        ["G1", "G2", "MTX_PATH", "MTX_QUERY", "MTX_SOURCE_ID", "MTX_SOURCE_TYPE", "RTSP_PATH", "RTSP_PORT"];

    [Theory, OnBothServers]
    public async Task Both_hooks_get_the_environment_that_was_recorded(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string id = TestStream.NewId();
        string path = $"live/{id}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp($"{path}?lang=es&x=a%20b"));
        HookEvent ready = await servers.Hook.WaitFor("ready", path);
        string source = (await server.WaitUntilAvailable(path)).SourceId();
        publisher.Signal(ChildProgram.Interrupt);
        HookEvent notReady = await servers.Hook.WaitFor("not-ready", path);

        JsonElement recorded = JsonSerializer.Deserialize<JsonElement>(Recording.Text("hooks.jsonl").Split('\n')[0]).GetProperty("env");
        Assert.Equal(Recording.Names(recorded), Mtx(ready).Keys);
        Dictionary<string, string> expected = new(StringComparer.Ordinal)
        {
            ["G1"] = id,
            ["G2"] = "in",
            ["MTX_PATH"] = path,
            ["MTX_QUERY"] = recorded.GetProperty("MTX_QUERY").GetString()!,
            ["MTX_SOURCE_ID"] = source,
            ["MTX_SOURCE_TYPE"] = "rtmpConn",
            ["RTSP_PATH"] = path,
            ["RTSP_PORT"] = $"{server.RtspPort}",
        };
        Assert.Equal(expected, Mtx(ready));
        Assert.Equal(expected, Mtx(notReady));
    }

    [Theory, OnBothServers]
    public async Task Hooks_get_the_variables_of_their_server_among_them_its_name(MediaServerKind kind)
    {
        await using MediaServer server = await MediaServer.Start(new MediaServerOptions
        {
            Kind = kind,
            HookFolder = servers.Hook.Folder,
            Environment = new Dictionary<string, string> { ["STREAMS_NODE"] = "media-1" },
        });
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(path));
        Assert.Equal("media-1", (await servers.Hook.WaitFor("ready", path)).Environment["STREAMS_NODE"]);
        publisher.Signal(ChildProgram.Interrupt);
        Assert.Equal("media-1", (await servers.Hook.WaitFor("not-ready", path)).Environment["STREAMS_NODE"]);
    }

    [Theory, OnBothServers]
    public async Task An_RTSP_publisher_is_named_as_one(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(path));
        HookEvent ready = await servers.Hook.WaitFor("ready", path);
        Assert.Equal("rtspSession", ready.Environment["MTX_SOURCE_TYPE"]);
        Assert.Equal("", ready.Environment["MTX_QUERY"]);
        Assert.Equal((await server.WaitUntilAvailable(path)).SourceId(), ready.SourceId);
    }

    [Theory, OnBothServers]
    public async Task What_a_hook_writes_appears_in_the_servers_output_and_its_exit_code_does_not(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        await server.WaitForLine($"mtx-hook: example line on stderr for ready {path}");
        publisher.Signal(ChildProgram.Interrupt);
        await server.WaitForLine($"mtx-hook: example line on stderr for not-ready {path}");
        Assert.DoesNotContain(server.Lines, line => line.Contains(path, StringComparison.Ordinal) && line.Contains("exited", StringComparison.Ordinal));
    }

    [Theory, OnBothServers]
    public async Task A_ready_hook_that_still_runs_is_interrupted_when_the_stream_ends(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId("hold")}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        await servers.Hook.WaitFor("ready", path);
        publisher.Signal(ChildProgram.Interrupt);
        await servers.Hook.WaitFor("interrupted", path);
        await servers.Hook.WaitFor("not-ready", path);
    }

    [Theory, OnBothServers]
    public async Task A_takeover_ends_the_old_publisher_and_its_readers_and_tells_of_both(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram first = TestStream.PublishRtmp(server.Rtmp($"{path}?n=1"));
        string firstId = (await server.WaitUntilAvailable(path)).SourceId();
        await using ChildProgram reader = TestStream.ReadRtsp(server.Rtsp(path));
        await Eventually.Get(() => server.FindPath(path), item => item?.GetProperty("readers").GetArrayLength() == 1, "the reader");

        await using ChildProgram second = TestStream.PublishRtmp(server.Rtmp($"{path}?n=2"));
        JsonElement taken = (await Eventually.Get(
            () => server.FindPath(path), item => item is { } now && now.SourceId() != firstId, "the takeover"))!.Value;
        Assert.True(taken.GetProperty("available").GetBoolean());
        await reader.WaitForEnd();
        await first.WaitForEnd();
        Assert.Equal(firstId, (await servers.Hook.WaitFor("not-ready", path)).SourceId);
        HookEvent ready = await servers.Hook.WaitFor("ready", path, run => run.SourceId != firstId);
        Assert.Equal(taken.SourceId(), ready.SourceId);
        AssertLogged(server, path);
    }

    [Theory, OnBothServers]
    public async Task The_deprecated_names_work_and_are_warned_of(MediaServerKind kind)
    {
        string file = Path.GetTempFileName();
        try
        {
            MediaServerOptions options = new() { Kind = kind };
            Assert.SkipUnless(MediaServerVersion.Of(options).HasAvailableHooks, "To this version the old names are the names.");
            string settings = await File.ReadAllTextAsync(options.ConfigFile);
            await File.WriteAllTextAsync(file, settings
                .Replace("runOnAvailable:", "runOnReady:", StringComparison.Ordinal)
                .Replace("runOnUnavailable:", "runOnNotReady:", StringComparison.Ordinal));
            await using MediaServer server = await MediaServer.Start(
                new MediaServerOptions { Kind = kind, ConfigFile = file, HookFolder = servers.Hook.Folder });
            Assert.Contains(server.Lines, line => line.Contains("parameter 'runOnReady' is deprecated", StringComparison.Ordinal));
            string path = $"live/{TestStream.NewId()}/in";
            await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
            await servers.Hook.WaitFor("ready", path);
            publisher.Signal(ChildProgram.Interrupt);
            await servers.Hook.WaitFor("not-ready", path);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // MediaMTX may also say that it could not write to the readers it has just closed: that depends on the moment.
    private static void AssertLogged(MediaServer server, string path)
    {
        (string begin, string end) = server.Version.StreamHooks;
        string[] said = [.. server.Lines.Where(line => line.Contains($"[path {path}]", StringComparison.Ordinal))
            .Where(line => !line.Contains("error writing packet", StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("message").GetString()!.Replace($"[path {path}] ", "", StringComparison.Ordinal))];
        Assert.Equal(
            [
                $"{begin} command started",
                "stream is available and online, 2 tracks (H264, MPEG-4 Audio)",
                "closing existing publisher",
                $"{begin} command stopped",
                $"{end} command launched",
                $"{begin} command started",
                "stream is available and online, 2 tracks (H264, MPEG-4 Audio)",
            ],
            said);
    }

    private static SortedDictionary<string, string> Mtx(HookEvent run) => new(
        run.Environment.Where(variable => FromMediaMtx.Contains(variable.Key)).ToDictionary(), StringComparer.Ordinal);
}
