using System.Text.Json;
using Xunit;

namespace Streams.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class HealthTests(ApiFixture api) : IDisposable
{
    private static readonly MediaNodeStatus Reachable = new() { Name = IMediaNodeGrain.DefaultName, IsReachable = true };

    public void Dispose() => (Cluster.List, Cluster.Node) = (Cluster.NoStreams, Reachable);

    [Fact]
    public async Task A_process_that_answers_is_live() => await Expect("/health/live", 200, "Healthy");

    [Fact]
    public async Task A_catalog_that_answers_makes_it_ready() => await Expect("/health/ready", 200, "Healthy");

    [Fact]
    public async Task A_catalog_that_hangs_makes_it_not_ready_but_leaves_it_live()
    {
        TaskCompletionSource never = new();
        Cluster.List = async () => { await never.Task; return []; };
        JsonElement health = await Expect("/health/ready", 503, "Unhealthy");
        Assert.Contains("within 1 s", health.GetProperty("checks").GetProperty("catalog").GetString(), StringComparison.Ordinal);
        await Expect("/health/live", 200, "Healthy");
        never.SetResult();
    }

    [Fact]
    public async Task A_catalog_that_fails_makes_it_not_ready()
    {
        Cluster.List = static () => throw new InvalidOperationException("broken");
        await Expect("/health/ready", 503, "Unhealthy");
    }

    [Fact]
    public async Task A_media_server_that_does_not_answer_makes_it_not_ready_and_says_why()
    {
        Cluster.Node = Reachable with { IsReachable = false, Problem = "MediaMTX's Control API at 192.0.2.1:9997 cannot be asked: refused" };
        JsonElement health = await Expect("/health/ready", 503, "Unhealthy");
        Assert.Equal("Unhealthy: MediaMTX's Control API at 192.0.2.1:9997 cannot be asked: refused", health.GetProperty("checks").GetProperty("media").GetString());
        await Expect("/health/live", 200, "Healthy");
    }

    private async Task<JsonElement> Expect(string url, int status, string health)
    {
        using HttpResponseMessage answer = await api.Http.GetAsync(new Uri(url, UriKind.Relative));
        JsonElement body = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(health, body.GetProperty("status").GetString());
        return body;
    }
}
