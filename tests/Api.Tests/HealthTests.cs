using System.Text.Json;
using Xunit;

namespace Streams.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class HealthTests(ApiFixture api) : IDisposable
{
    public void Dispose() => Cluster.List = Cluster.NoStreams;

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
