using System.Net;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>The versions of MediaMTX that the stand-in plays.</summary>
public sealed class GenerationTests(SharedServers servers)
{
    private static readonly string[] Resources = ["rtmpconns", "rtspconns", "rtspsessions"];

    [Theory]
    [InlineData("v1.18.2", "[API] listener opened on")]
    [InlineData("v1.19.2", "[API] started with listener on")]
    [InlineData("v1.19.3", "[API] started with listener on")]
    [InlineData("v1.20.1", "[API] started with listener on")]
    [InlineData("v1.21.0", "[API] started with listener on")]
    public async Task It_says_which_version_it_plays_and_runs_that_ones_hooks(string version, string listening)
    {
        (int code, string output) = await AskVersion(version);
        Assert.Equal((0, $"{version}-standin"), (code, output.Trim()));
        await using MediaServer server = await Start(version);
        Assert.Equal($"{version}-standin", (await server.Ask("/v3/info")).GetProperty("version").GetString());
        Assert.Contains(server.Lines, line => line.Contains(listening, StringComparison.Ordinal));

        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(path));
        HookEvent ready = await servers.Hook.WaitFor("ready", path);
        Assert.Equal((await server.WaitUntilAvailable(path)).SourceId(), ready.SourceId);
        (string begin, string end) = server.Version.StreamHooks;
        Assert.Contains(server.Lines, line => line.Contains($"[path {path}] {begin} command started", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Lines, static line => line.Contains("is deprecated", StringComparison.Ordinal));
        publisher.Signal(ChildProgram.Interrupt);
        await servers.Hook.WaitFor("not-ready", path);
        await server.WaitForLine($"[path {path}] {end} command launched");
    }

    [Theory]
    [InlineData("v1.18.2", false)]
    [InlineData("v1.20.1", false)]
    [InlineData("v1.21.0", true)]
    public async Task Its_connections_are_listed_under_that_ones_names(string version, bool isNested)
    {
        await using MediaServer server = await Start(version);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(path));
        string source = (await server.WaitUntilAvailable(path)).SourceId();
        foreach (string resource in Resources)
        {
            string nested = $"{resource[..4]}/{resource[4..]}";
            (string known, string unknown) = isNested ? (nested, resource) : (resource, nested);
            Assert.Equal(known, server.Version.Endpoint(resource));
            Assert.Equal(resource == "rtmpconns" ? 0 : 1, (await server.Ask($"/v3/{known}/list")).GetProperty("itemCount").GetInt32());
            using HttpResponseMessage missing = await server.Api.GetAsync($"/v3/{unknown}/list");
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        }

        string sessions = server.Version.Endpoint("rtspsessions");
        Assert.Equal("publish", (await server.Ask($"/v3/{sessions}/get/{source}")).GetProperty("state").GetString());
        using HttpResponseMessage kicked = await server.Api.PostAsync($"/v3/{sessions}/kick/{source}", null);
        Assert.Equal(HttpStatusCode.OK, kicked.StatusCode);
        await publisher.WaitForEnd();
        using HttpResponseMessage disabled = await server.Api.GetAsync($"/v3/{server.Version.Endpoint("srtconns")}/list");
        Assert.Equal(HttpStatusCode.NotFound, disabled.StatusCode);
    }

    [Theory]
    [InlineData("MTX_SRT", "srtconns")]
    [InlineData("MTX_WEBRTC", "webrtcsessions")]
    public async Task What_it_has_no_server_for_is_listed_as_empty_where_it_is_switched_on(string setting, string resource)
    {
        await using MediaServer server = await MediaServer.Start(new MediaServerOptions
        {
            Version = "v1.21.0",
            Environment = new Dictionary<string, string> { [setting] = "yes" },
        });
        Assert.Equal(0, (await server.Ask($"/v3/{server.Version.Endpoint(resource)}/list")).GetProperty("itemCount").GetInt32());
    }

    [Theory]
    [InlineData("v1.18.2", "moq: false", "ERR: json: unknown field \"moq\"")]
    [InlineData("v1.18.2", "paths: {x: {runOnAvailable: y}}", "ERR: json: unknown field \"runOnAvailable\"")]
    [InlineData("v1.19.2", "pathDefaults: {runOnOnline: y}", "ERR: json: unknown field \"runOnOnline\"")]
    [InlineData("v1.19.3", "pathDefaults: {forward: []}", "ERR: json: unknown field \"forward\"")]
    [InlineData("x", "", "ERR: STANDIN_VERSION is 'x'")]
    public async Task It_refuses_settings_of_later_versions(string version, string settings, string error)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, settings + "\n");
            Dictionary<string, string> environment = new() { ["STANDIN_VERSION"] = version };
            await using ChildProgram program = ChildProgram.Start(MediaServer.StandinFile, [file], environment);
            Assert.Equal(1, await program.WaitForEnd());
            Assert.StartsWith(error, program.Lines[^1], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("v1.18.2", "runOnReady", "runOnAvailable")]
    [InlineData("v1.20.1", "runOnAvailable", "runOnReady")]
    public async Task Its_settings_are_that_ones(string version, string known, string unknown)
    {
        await using MediaServer server = await Start(version);
        JsonElement defaults = await server.Ask("/v3/config/pathdefaults/get");
        Assert.True(defaults.TryGetProperty(known, out _));
        Assert.False(defaults.TryGetProperty(unknown, out _));
    }

    private static async Task<(int ExitCode, string Output)> AskVersion(string version)
    {
        await using ChildProgram program = ChildProgram.Start(
            MediaServer.StandinFile, ["--version"], new Dictionary<string, string> { ["STANDIN_VERSION"] = version });
        int code = await program.WaitForEnd();
        return (code, program.Output);
    }

    private Task<MediaServer> Start(string version) =>
        MediaServer.Start(new MediaServerOptions { Version = version, HookFolder = servers.Hook.Folder });
}
