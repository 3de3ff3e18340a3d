using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Networks as operators have them.</summary>
public sealed class SurroundingsTests
{
    private const string DeadProxy = "http://127.0.0.1:9";

    private static readonly Dictionary<string, string> Proxies = new()
    {
        ["http_proxy"] = DeadProxy,
        ["https_proxy"] = DeadProxy,
        ["HTTP_PROXY"] = DeadProxy,
        ["HTTPS_PROXY"] = DeadProxy,
        ["all_proxy"] = DeadProxy,
        ["ALL_PROXY"] = DeadProxy,
    };

    [Theory]
    [OnBothServers]
    public async Task A_proxy_that_the_machine_has_is_not_between_the_parts(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind, new(Proxies), new(Proxies));
        string id = TestStream.NewId("proxy");
        system.Publish(id);
        await system.WaitForFrames(id);
        JsonElement checks = JsonDocument.Parse(await system.Api.GetStringAsync(new Uri("/health/ready", UriKind.Relative))).RootElement.GetProperty("checks");
        Assert.All(checks.EnumerateObject(), static check => Assert.Equal("Healthy", check.Value.GetString()));
    }

    [Theory]
    [OnBothServers]
    public async Task The_media_server_is_found_by_URLs_and_by_a_host_name_too(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind, new() { ["Streams__Media__Host"] = "localhost" });
        string id = TestStream.NewId("name");
        system.Publish(id);
        await system.WaitForFrames(id);
    }

    [Theory]
    [InlineData("Streams__Media__Nodes__0__ApiUrl", "http://::1:9997", "Streams:Media:Nodes:0:ApiUrl")]
    [InlineData("Streams__Media__Nodes__0__RtspUrl", "192.0.2.7:8554", "Streams:Media:Nodes:0:RtspUrl")]
    [InlineData("Streams__Media__Host", "rtsp://host", "Streams:Media:Host")]
    public async Task A_wrong_address_ends_the_silo_at_its_start_and_names_the_setting(string variable, string value, string setting)
    {
        InvalidOperationException ended = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await (await StreamsSystem.Start(MediaServerKind.Standin, new() { [variable] = value })).DisposeAsync());
        Assert.Contains(setting, ended.Message, StringComparison.Ordinal);
        Assert.Contains(value, ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_media_server_is_away_the_silo_is_not_ready_and_says_why()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin);
        await system.StopMedia();
        (int status, string media) = await Eventually.Get(() => Ready(system), static answer => answer.Status == 503, "the silo not ready");
        Assert.Equal(503, status);
        Assert.Contains("cannot be reached", media, StringComparison.Ordinal);
        await system.StartMedia();
        await Eventually.Get(() => Ready(system), static answer => answer.Status == 200, "the silo ready again");
    }

    private static async Task<(int Status, string Media)> Ready(StreamsSystem system)
    {
        using HttpResponseMessage answer = await system.Api.GetAsync(new Uri("/health/ready", UriKind.Relative));
        JsonElement checks = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("checks");
        return ((int)answer.StatusCode, checks.GetProperty("media").GetString()!);
    }
}
