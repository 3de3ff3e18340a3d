using System.Net.Http.Headers;
using Streams.Silo.Tests.Storage;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Hosting;

/// <summary>Access to the silo's own pages, and its refusal to start without tokens; real processes.</summary>
public sealed class AccessTests
{
    private const string Token = "reader-token-0123456789";
    private const string HookToken = "hook-token-0123456789";

    private static readonly Dictionary<string, string> Tokens = new()
    {
        ["Streams__Access__Tokens__0__Role"] = "reader",
        ["Streams__Access__Tokens__0__Name"] = "screen",
        ["Streams__Access__Tokens__0__Token"] = Token,
        ["Streams__Access__Tokens__1__Role"] = "hook",
        ["Streams__Access__Tokens__1__Name"] = "mtx-hook",
        ["Streams__Access__Tokens__1__Token"] = HookToken,
    };

    [Fact]
    public async Task The_dashboard_is_for_readers_only()
    {
        using TemporaryFolder data = new();
        int port = FreePorts.Next();
        await using ChildProgram silo = Start(port, data, Tokens);
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Eventually.Get(() => Status(http, "/health/live", null), static status => status == 200, "the silo up");

        foreach (string url in (string[])["/dashboard/", "/dashboard/DashboardCounters", "/dashboard/index.min.js"])
        {
            Assert.Equal((401, 403, 200), (await Status(http, url, null), await Status(http, url, HookToken), await Status(http, url, Token)));
        }
    }

    [Fact]
    public async Task On_an_open_address_it_starts_with_tokens_and_not_without()
    {
        using TemporaryFolder data = new();
        await using ChildProgram refused = Start(FreePorts.Next(), data, new() { ["Streams__Api__Address"] = "0.0.0.0" });
        Assert.Equal(1, await refused.WaitForEnd());
        Assert.Contains("there is no access token", refused.Output, StringComparison.Ordinal);

        int port = FreePorts.Next();
        await using ChildProgram silo = Start(port, data, new(Tokens) { ["Streams__Api__Address"] = "0.0.0.0" });
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Eventually.Get(() => Status(http, "/health/live", null), static status => status == 200, "the silo up");
        Assert.Equal((401, 200), (await Status(http, "/v1/streams", null), await Status(http, "/v1/streams", Token)));
    }

    private static ChildProgram Start(int port, TemporaryFolder data, Dictionary<string, string> settings) =>
        ChildProgram.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "Streams.Silo.dll")], new Dictionary<string, string>(settings)
        {
            ["Streams__Api__Port"] = $"{port}",
            ["Streams__Cluster__SiloPort"] = $"{FreePorts.Next()}",
            ["Streams__Cluster__GatewayPort"] = $"{FreePorts.Next()}",
            ["Streams__Data__Folder"] = data.File("data"),
            ["Streams__Media__ApiPort"] = "1",
        });

    private static async Task<int> Status(HttpClient http, string url, string? token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(url, UriKind.Relative));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
