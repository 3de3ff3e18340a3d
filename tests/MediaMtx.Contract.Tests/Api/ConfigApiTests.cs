using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>Paths that are configured while the server runs.</summary>
public sealed class ConfigApiTests(SharedServers servers)
{
    private const string Minimal = """
        logStructured: true
        api: true
        authInternalUsers: [{user: any, permissions: [{action: publish}, {action: read}, {action: api}]}]
        rtspTransports: [tcp]
        webrtc: false
        srt: false
        moq: false
        pathDefaults:
          maxReaders: 9
          runOnOnline: mtx-hook online
          runOnOffline: mtx-hook offline
        paths:
          "~^live/":
            runOnAvailable: mtx-hook ready
            runOnUnavailable: mtx-hook not-ready
        """;

    private const string Ok = """{"status":"ok"}""";

    [Theory, OnBothServers]
    public async Task A_path_is_added_shown_changed_and_removed(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        string hook = server.Version.StreamHooks.Begin;
        Assert.Equal((200, Ok), await server.Configure("add", path, $$"""{"maxReaders":3,"overridePublisher":false,"{{hook}}":"mtx-hook mine"}"""));
        JsonElement item = await server.WaitForPath(path, static _ => true, "to be there");
        Assert.Equal((path, false, false), (item.GetProperty("confName").GetString(), item.GetProperty("available").GetBoolean(), item.GetProperty("online").GetBoolean()));
        Assert.Equal((3, false, "mtx-hook mine"), Settings(await server.Ask($"/v3/config/paths/get/{path}"), hook));
        Assert.Equal((200, Ok), await server.Configure("patch", path, """{"maxReaders":5}"""));
        Assert.Equal((5, false, "mtx-hook mine"), Settings(await server.Ask($"/v3/config/paths/get/{path}"), hook));
        Assert.Equal((200, Ok), await server.Configure("replace", path, """{"maxReaders":7}"""));
        Assert.Equal(Settings(await server.Ask("/v3/config/pathdefaults/get"), hook) with { MaxReaders = 7 }, Settings(await server.Ask($"/v3/config/paths/get/{path}"), hook));
        Assert.Equal((200, Ok), await server.Configure("delete", path));
        await server.WaitUntilGone(path);
        Assert.Equal((404, Error("path not found")), await server.Configure("delete", path));
        Assert.Equal((404, Error("path not found")), await server.Configure("patch", path, "{}"));
        using HttpResponseMessage missing = await server.Api.GetAsync($"/v3/config/paths/get/{path}");
        Assert.Equal(Error("path configuration not found"), await missing.Content.ReadAsStringAsync());
    }

    [Theory]
    [OnBothServers("""{"nonsense":1}""", "json: unknown field \"nonsense\"")]
    [OnBothServers("""{"source":1}""", "json: cannot unmarshal number into Go value of type string")]
    [OnBothServers("""{"source":"wrong"}""", "invalid source: 'wrong'")]
    [OnBothServers("{", "unexpected end of JSON input")]
    [OnBothServers("", "unexpected end of JSON input")]
    [OnBothServers("""{"sourceOnDemand":true}""", "'sourceOnDemand' is useless when source is 'publisher'")]
    [OnBothServers("""{"alwaysAvailable":true}""", "'alwaysAvailableTracks' must contain at least one track")]
    [OnBothServers("""{"alwaysAvailable":true,"alwaysAvailableFile":"/no/such.mp4"}""", "invalid 'alwaysAvailableFile': open /no/such.mp4: no such file or directory")]
    [OnBothServers("""{"alwaysAvailable":true,"alwaysAvailableTracks":[{"codec":"H263"}]}""", "unsupported codec 'H263'")]
    [OnBothServers("""{"alwaysAvailable":true,"alwaysAvailableTracks":[{"codec":"MPEG4Audio"}]}""", "sampleRate is mandatory for codec 'MPEG4Audio'")]
    public async Task Settings_that_are_wrong_are_refused(MediaServerKind kind, string settings, string error)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        Assert.Equal((400, Error(error)), await server.Configure("add", path, settings));
        Assert.Null(await server.FindPath(path));
    }

    [Theory]
    [OnBothServers("~(", "{}", "invalid regular expression: (")]
    [OnBothServers("a%20b", "{}", "invalid path name 'a b': can contain only alphanumeric characters, underscore, dot, minus, slash")]
    [OnBothServers("~^x", """{"alwaysAvailable":true,"alwaysAvailableTracks":[{"codec":"H264"}]}""", "'alwaysAvailable' cannot be used in a path with a regular expression (or path 'ALL')")]
    [OnBothServers("~^x", """{"source":"rtsp://127.0.0.1/x"}""", "a path with a regular expression (or path 'ALL') and a static source must have 'sourceOnDemand' set to true")]
    public async Task So_are_names_that_are_wrong(MediaServerKind kind, string name, string settings, string error)
    {
        MediaServer server = await servers.Get(kind);
        string others = server.Version.HasAvailableHooks ? "all_others" : "all";
        Assert.Equal((400, Error(error.Replace("ALL", others, StringComparison.Ordinal))), await server.Configure("add", name, settings));
    }

    [Theory, OnBothServers]
    public async Task A_path_that_exists_is_not_added_again(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await server.AddPath(path, "{}");
        Assert.Equal((400, Error("path already exists")), await server.Configure("add", path, "{}"));
        await server.Configure("delete", path);
    }

    [Theory, OnBothServers]
    public async Task A_publisher_is_dropped_when_its_path_is_configured_and_when_that_is_removed(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using (ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(path)))
        {
            await server.WaitUntilAvailable(path);
            await server.AddPath(path, """{"maxReaders":7}""");
            await publisher.WaitForEnd();
            await server.WaitForPath(path, static item => !item.GetProperty("available").GetBoolean(), "to be unavailable");
            await servers.Hook.WaitFor("not-ready", path);
        }

        await using ChildProgram again = TestStream.PublishRtsp(server.Rtsp(path));
        await server.WaitUntilAvailable(path);
        await server.Configure("delete", path);
        await again.WaitForEnd();
        await server.WaitUntilGone(path);
    }

    [Theory, OnBothServers]
    public async Task The_defaults_are_shown(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        JsonElement defaults = await server.Ask("/v3/config/pathdefaults/get");
        Assert.Equal(("", "publisher", false, true, "10s"), (
            defaults.GetProperty("name").GetString(), defaults.GetProperty("source").GetString(), defaults.GetProperty("alwaysAvailable").GetBoolean(),
            defaults.GetProperty("overridePublisher").GetBoolean(), defaults.GetProperty("sourceOnDemandCloseAfter").GetString()));
        JsonElement list = await server.Ask("/v3/config/paths/list?itemsPerPage=1000");
        Assert.Contains(list.GetProperty("items").EnumerateArray(), item => item.GetProperty("name").GetString() == "~^live/([A-Za-z0-9_-]{1,64})/(in|out)$");
        Assert.Equal(Recording.Names(defaults), Recording.Names(list.GetProperty("items")[0]));
    }

    [Theory, OnBothServers]
    public async Task The_defaults_of_the_file_hold_for_all_paths(MediaServerKind kind)
    {
        string file = Path.GetTempFileName();
        try
        {
            MediaServerOptions options = new() { Kind = kind, ConfigFile = file, HookFolder = servers.Hook.Folder };
            Assert.SkipUnless(MediaServerVersion.Of(options).HasAvailableHooks, "This version has none of these hooks.");
            await File.WriteAllTextAsync(file, Minimal);
            await using MediaServer server = await MediaServer.Start(options);
            Assert.Equal(9, (await server.Ask("/v3/config/pathdefaults/get")).GetProperty("maxReaders").GetInt32());
            string path = $"live/{TestStream.NewId()}/in";
            await using ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(path));
            HookEvent online = await servers.Hook.WaitFor("online", path);
            Assert.Equal((await servers.Hook.WaitFor("ready", path)).SourceId, online.SourceId);
            publisher.Signal(ChildProgram.Interrupt);
            await servers.Hook.WaitFor("offline", path);
            await servers.Hook.WaitFor("not-ready", path);
            await server.WaitUntilGone(path);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Error(string error) => $$"""{"status":"error","error":{{JsonSerializer.Serialize(error, RelaxedJson)}}}""";

    private static readonly JsonSerializerOptions RelaxedJson = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static (int MaxReaders, bool Override, string Hook) Settings(JsonElement path, string hook) => (
        path.GetProperty("maxReaders").GetInt32(), path.GetProperty("overridePublisher").GetBoolean(), path.GetProperty(hook).GetString()!);
}
