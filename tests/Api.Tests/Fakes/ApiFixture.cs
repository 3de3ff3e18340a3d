using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests;

/// <summary>A silo with fake grains, and the API over it on a real port.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;
    private WebApplication? _app;

    public HttpClient Http { get; } = new() { BaseAddress = new Uri($"http://127.0.0.1:{FreePorts.Next()}") };

    internal LogCapture Logs { get; } = new();

    /// <summary>The fake grains, for a host that is set up otherwise.</summary>
    public IGrainFactory Grains => _cluster!.Client;

    public async ValueTask InitializeAsync()
    {
        _cluster = new InProcessTestClusterBuilder(1).Build();
        await _cluster.DeployAsync();

        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Streams:Api:Port"] = $"{Http.BaseAddress!.Port}",
            ["Streams:Api:MaxFeedClients"] = "20",
        });
        builder.Logging.ClearProviders().AddProvider(Logs).AddFilter("Streams", LogLevel.Debug);
        builder.Services.AddSingleton<IGrainFactory>(_cluster.Client);
        builder.AddStreamsApi();
        _app = builder.Build();
        _app.MapStreamsApi();
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    public Task<HttpResponseMessage> Post(string body, string kind = "ready") => Post(Encoding.UTF8.GetBytes(body), kind);

    public Task<HttpResponseMessage> Post(byte[] body, string kind = "ready", string? contentType = "application/json", bool chunked = false) =>
        Http.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/v1/mediamtx/events/{kind}")
        {
            Content = new ByteArrayContent(body)
            {
                Headers = { ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType) },
            },
            Headers = { TransferEncodingChunked = chunked },
        });

    /// <summary>Reads an error answer, and holds it to the shape that all of them have.</summary>
    internal static async Task<JsonElement> Problem(HttpResponseMessage answer, int status)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{status} was expected, {(int)answer.StatusCode} came: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.Equal(status is 429 or 503, answer.Headers.RetryAfter is not null);
        JsonElement problem = JsonElement.Parse(text);
        Assert.StartsWith("urn:streams:problem:", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.NotEqual("", problem.GetProperty("detail").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Matches("^[0-9a-f]{32}$", problem.GetProperty("traceId").GetString());
        return problem;
    }
}
