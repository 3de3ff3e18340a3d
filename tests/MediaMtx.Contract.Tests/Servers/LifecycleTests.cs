using System.Diagnostics;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

public sealed class LifecycleTests(SharedServers servers)
{
    [Theory, OnBothServers]
    public async Task It_ends_gracefully_with_its_streams_and_hooks(MediaServerKind kind)
    {
        await using MediaServer server = await MediaServer.Start(new MediaServerOptions { Kind = kind, HookFolder = servers.Hook.Folder });
        string path = $"live/{TestStream.NewId("hold")}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        await servers.Hook.WaitFor("ready", path);
        long asked = Stopwatch.GetTimestamp();
        Assert.Equal(0, await server.Stop());
        Assert.True(Stopwatch.GetElapsedTime(asked) < TimeSpan.FromSeconds(kind == MediaServerKind.Standin ? 1.5 : 5));
        Assert.Equal(["ready", "interrupted", "not-ready"], servers.Hook.EventsOf(path).Select(run => run.Kind).OrderBy(Rank));
        await publisher.WaitForEnd();
        Assert.Contains(server.Lines, line => line.Contains("waiting for running hooks", StringComparison.Ordinal));
    }

    [Theory, OnBothServers]
    public async Task A_port_that_is_taken_is_an_error_that_says_so(MediaServerKind kind)
    {
        MediaServer other = await servers.Get(kind);
        foreach ((string name, int port) in new[] { ("RTMP", other.RtmpPort), ("RTSP", other.RtspPort), ("API", other.ApiUrl.Port) })
        {
            Dictionary<string, int> ports = new[] { "API", "METRICS", "PLAYBACK", "RTMP", "RTSP", "HLS" }
                .ToDictionary(server => server, server => server == name ? port : FreePorts.Next());
            await using ChildProgram program = MediaServer.Launch(new MediaServerOptions { Kind = kind }, ports);
            Assert.Equal(1, await program.WaitForEnd());
            Assert.Contains($"127.0.0.1:{port}: bind: address already in use", program.Output, StringComparison.Ordinal);
        }
    }

    [Theory, OnBothServers]
    public async Task A_configuration_that_is_wrong_is_an_error_that_says_so(MediaServerKind kind)
    {
        foreach ((string text, string error) in new[]
        {
            ("nonsense: yes\n", "unknown field \"nonsense\""),
            ("readTimeout: soon\n", "soon"),
            ("paths:\n  \"~^a$\":\n    runOnInit: mtx-hook\n", "runOnInit"),
            ("paths:\n  \"~^(a$\":\n", "regular expression"),
            ("authInternalUsers:\n- user: any\n  pass: x\n", "using a password with 'any' user is not supported"),
        })
        {
            string file = Path.GetTempFileName();
            try
            {
                await File.WriteAllTextAsync(file, text);
                await using ChildProgram program = MediaServer.Launch(new MediaServerOptions { Kind = kind, ConfigFile = file });
                Assert.Equal(1, await program.WaitForEnd());
                Assert.StartsWith("ERR: ", program.Lines[^1], StringComparison.Ordinal);
                Assert.Contains(error, program.Output, StringComparison.Ordinal);
            }
            finally
            {
                File.Delete(file);
            }
        }
    }

    [Fact]
    public async Task The_stand_in_says_at_its_start_that_it_is_one()
    {
        MediaServer server = await servers.Get(MediaServerKind.Standin);
        Assert.Contains("stand-in", server.Lines[0], StringComparison.Ordinal);
        Assert.Contains("not MediaMTX", server.Lines[0], StringComparison.Ordinal);
    }

    private static int Rank(string kind) => Array.IndexOf(["ready", "interrupted", "not-ready"], kind);
}
