using System.Text.Json;
using Xunit;

namespace Streams.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class HealthTests(ApiFixture api) : IDisposable
{
    private static readonly MediaNodeStatus Reachable = new() { Name = MediaNodeNames.Default, IsReachable = true };

    public void Dispose() => (FakeCluster.Store, FakeCluster.StoreProblem, FakeCluster.Node) = (static () => Task.CompletedTask, null, Reachable);

    [Fact]
    public async Task A_process_that_answers_is_live() => await Expect("/health/live", 200, "Healthy");

    [Fact]
    public async Task A_store_that_can_be_used_makes_it_ready() => await Expect("/health/ready", 200, "Healthy");

    [Fact]
    public async Task A_silo_that_hangs_makes_it_not_ready_but_leaves_it_live()
    {
        TaskCompletionSource never = new();
        FakeCluster.Store = () => never.Task;
        JsonElement health = await Expect("/health/ready", 503, "Unhealthy");
        Assert.Contains("within 1 s", health.GetProperty("checks").GetProperty("store").GetString(), StringComparison.Ordinal);
        await Expect("/health/live", 200, "Healthy");
        never.SetResult();
    }

    [Fact]
    public async Task A_store_that_cannot_be_used_makes_it_not_ready_and_says_why_as_do_the_nodes()
    {
        FakeCluster.StoreProblem = "The store cannot be used: its disk is full.";
        JsonElement health = await Expect("/health/ready", 503, "Unhealthy");
        Assert.Equal("Unhealthy: " + FakeCluster.StoreProblem, health.GetProperty("checks").GetProperty("store").GetString());
        JsonElement store = JsonElement.Parse(await api.Http.GetStringAsync(new Uri("/v1/nodes", UriKind.Relative))).GetProperty("store");
        Assert.False(store.GetProperty("isUsable").GetBoolean());
        Assert.Equal(FakeCluster.StoreProblem, store.GetProperty("problem").GetString());
        Assert.Contains(FakeCluster.StoreProblem, await api.Http.GetStringAsync(new Uri("/parts/nodes", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_fails_makes_it_not_ready()
    {
        FakeCluster.Store = static () => throw new InvalidOperationException("broken");
        await Expect("/health/ready", 503, "Unhealthy");
    }

    [Fact]
    public async Task A_media_server_that_does_not_answer_makes_it_not_ready_and_says_why()
    {
        FakeCluster.Node = Reachable with { IsReachable = false, Problem = "MediaMTX's Control API at 192.0.2.1:9997 cannot be reached: refused" };
        JsonElement health = await Expect("/health/ready", 503, "Unhealthy");
        Assert.Equal("Unhealthy: MediaMTX's Control API at 192.0.2.1:9997 cannot be reached: refused", health.GetProperty("checks").GetProperty("media").GetString());
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
