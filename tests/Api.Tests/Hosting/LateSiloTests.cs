using System.Net.Http.Headers;
using CliWrap;
using Orleans.TestingHost;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests;

/// <summary>An API that starts before its silo. It is in the collection of the other API tests, since its silo has the same fake grains and some of those count their calls.</summary>
[Collection(ApiCollection.Name)]
public sealed class LateSiloTests
{
    [Fact]
    public async Task A_silo_that_comes_up_later_is_found_and_one_that_goes_away_is_503()
    {
        TestClusterBuilder builder = new(1);
        builder.Options.ConnectionTransport = ConnectionTransportType.TcpSocket;
        builder.Options.BaseGatewayPort = FreePorts.Next();
        builder.Options.BaseSiloPort = FreePorts.Next();
        await using TestCluster cluster = builder.Build();
        int port = FreePorts.Next();
        string body = Bodies.Full(FakeCluster.NewStream()).ToJsonString();
        using CancellationTokenSource end = new();
        CommandTask<CommandResult> running = Cli.Wrap("dotnet")
            .WithArguments([Path.Combine(AppContext.BaseDirectory, "Streams.Api.dll")])
            .WithEnvironmentVariables(new Dictionary<string, string?>
            {
                ["Streams__Api__Port"] = $"{port}",
                ["Streams__Cluster__GatewayPort"] = $"{builder.Options.BaseGatewayPort}",
                ["Streams__Cluster__ClusterId"] = builder.Options.ClusterId,
                ["Streams__Cluster__ServiceId"] = builder.Options.ServiceId,
            })
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(end.Token);
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        try
        {
            await Status(http, "/health/ready", null, 503);
            await cluster.DeployAsync();
            await Status(http, "/health/ready", null, 200);
            await Status(http, "/v1/mediamtx/events/ready", body, 202);
            await cluster.StopAllSilosAsync();
            await Status(http, "/v1/mediamtx/events/ready", body, 503);
            await Status(http, "/health/live", null, 200);
        }
        finally
        {
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await running);
        }
    }

    private static Task<int> Status(HttpClient http, string url, string? body, int status) => Eventually.Get(
        async () =>
        {
            using StringContent? content = body is null ? null : new StringContent(body, new MediaTypeHeaderValue("application/json"));
            using HttpRequestMessage request = new(body is null ? HttpMethod.Get : HttpMethod.Post, url) { Content = content };
            using HttpResponseMessage answer = await http.SendAsync(request);
            return (int)answer.StatusCode;
        },
        answer => answer == status,
        $"{url} answers {status}");
}
