using System.Net;
using System.Net.Sockets;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>What must answer once everything is up, and that either side may be restarted under the other (US1).</summary>
public sealed class StartUpTests
{
    [Theory, OnBothServers]
    public async Task Every_port_listens_and_answers_as_documented(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind);
        foreach (int port in new[] { system.Media.RtmpPort, system.Media.RtspPort, system.Media.HlsUrl.Port, system.Media.PlaybackUrl.Port })
        {
            using TcpClient client = new();
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        }

        using HttpClient anybody = new();
        Uri paths = new(system.Media.ApiUrl, "/v3/paths/list");
        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.GetAsync(paths, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await system.Media.Api.GetAsync(paths, TestContext.Current.CancellationToken)).StatusCode);
        foreach (string path in new[] { "/health/live", "/health/ready", "/docs", "/openapi/v1.json", "/dashboard/", "/v1/streams" })
        {
            HttpResponseMessage response = await system.Api.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"{path} answered {(int)response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("Streams__MediaAuth__ReadKey", "read-key-0123456789", "everybody may publish and read")]
    [InlineData("Streams__Retry__FailedEvery", "1m", "'Streams:Retry:FailedEvery'")]
    [InlineData("Streams__Store__Kind", "mysql", "Streams:Store:Kind")]
    [InlineData("Streams__Store__ConnectionString", "Host=db", "STREAMS_STORE=postgres")]
    [InlineData("Streams__Cluster__Clustering", "consul", "Streams:Cluster:Clustering is 'consul', which is none of Localhost, Postgres")]
    [InlineData("Streams__Cluster__Clustering", "postgres", "Streams:Cluster:Address (STREAMS_SILO_ADDRESS) is missing")]
    [InlineData("Streams__Cluster__SiloPort", "70000", "Streams:Cluster:SiloPort")]
    public async Task A_setting_that_cannot_be_meant_is_refused_in_a_line_that_names_it(string name, string value, string told)
    {
        await using ChildProgram silo = StreamsSystem.RunSilo(new Dictionary<string, string> { [name] = value });
        Assert.Equal(1, await silo.WaitForEnd());
        Assert.Contains(told, silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Output, StringComparison.Ordinal);
    }

    [Theory, OnBothServers]
    public async Task The_silo_restarted_takes_over_what_is_live(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind);
        string id = TestStream.NewId("silo");
        system.Publish(id);
        await system.WaitForFrames(id);
        system.Silo.Signal(ChildProgram.Terminate);
        Assert.Equal(0, await system.Silo.WaitForEnd());
        Assert.Empty(StreamsSystem.WorkersOf(id));

        await system.StartSilo();
        await system.WaitForFrames(id, generation: 2);
        Assert.Single(StreamsSystem.WorkersOf(id));
    }

    [Theory, OnBothServers]
    public async Task The_media_server_restarted_finds_the_silo_again(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind);
        string first = TestStream.NewId("media");
        system.Publish(first);
        await system.WaitForFrames(first);
        await system.StopMedia();
        await system.StartMedia();
        string second = TestStream.NewId("media");
        system.Publish(second);
        await system.WaitForFrames(second);
        await system.WaitForPhase(first, "Offline");
        Assert.Empty(StreamsSystem.WorkersOf(first));
    }
}
