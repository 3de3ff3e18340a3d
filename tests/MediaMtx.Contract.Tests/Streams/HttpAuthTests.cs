using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>What a server with <c>authMethod: http</c> asks, and what it makes of the answer.</summary>
public sealed class HttpAuthTests
{
    private static readonly string[] Fields = ["action", "id", "ip", "password", "path", "protocol", "query", "token", "user", "userAgent"];

    [Theory, OnBothServers]
    public async Task A_publisher_is_asked_about_with_its_credentials_and_let_in_by_a_204(MediaServerKind kind)
    {
        await using Asked asked = await Asked.Start(static question => Text(question, "password") == "key123" || Text(question, "action") == "api");
        await using MediaServer server = await Start(kind, asked);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp($"{path}?user=pub&pass=key123&lang=es"));
        await server.WaitUntilAvailable(path);

        (string authorization, JsonElement question) = asked.Questions.First(asked => Text(asked.Question, "action") == "publish");
        Assert.Equal(MediaServer.Basic("mtx-hook", "token-of-the-hook").ToString(), authorization);
        Assert.Equal(Fields.Where(field => server.Version.HasUserAgents || field != "userAgent"), question.EnumerateObject().Select(static field => field.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ("pub", "key123", "key123", path, "rtmp", "user=pub&pass=key123&lang=es", "127.0.0.1"),
            (Text(question, "user"), Text(question, "password"), Text(question, "token"), Text(question, "path"), Text(question, "protocol"), Text(question, "query"), Text(question, "ip")));
        Assert.True(Guid.TryParse(Text(question, "id"), out _));
        Assert.True(!server.Version.HasUserAgents || Text(question, "userAgent").Contains("Lavf", StringComparison.Ordinal));
    }

    [Theory, OnBothServers]
    public async Task Who_is_refused_hears_authentication_failed(MediaServerKind kind)
    {
        await using Asked asked = await Asked.Start(static _ => false);
        await using MediaServer server = await Start(kind, asked);
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp($"live/{TestStream.NewId()}/in?user=deny&pass=x"));
        Assert.NotEqual(0, await publisher.WaitForEnd());
        Assert.True(!server.Version.RefusesRtmpClients || publisher.Output.Contains("Server error: authentication failed", StringComparison.Ordinal));
        await server.WaitForLine(server.Version.HasAvailableHooks ? "failed to authenticate" : "authentication failed: ");
    }

    [Theory, OnBothServers]
    public async Task The_Control_API_is_asked_about_too_since_nothing_is_left_out(MediaServerKind kind)
    {
        await using Asked asked = await Asked.Start(static question => Text(question, "password") == "admin");
        await using MediaServer server = await Start(kind, asked);
        using HttpResponseMessage allowed = await server.Api.GetAsync(new Uri("/v3/paths/list", UriKind.Relative), TestContext.Current.CancellationToken);
        using HttpClient anonymous = new();
        using HttpResponseMessage refused = await anonymous.GetAsync(new Uri(server.ApiUrl, "/v3/paths/list"), TestContext.Current.CancellationToken);
        Assert.Equal((200, 401), ((int)allowed.StatusCode, (int)refused.StatusCode));
        JsonElement question = asked.Questions.First(static asked => Text(asked.Question, "action") == "api").Question;
        Assert.Equal(("admin", "", "", JsonValueKind.Null), (Text(question, "user"), Text(question, "path"), Text(question, "protocol"), question.GetProperty("id").ValueKind));
    }

    private static Task<MediaServer> Start(MediaServerKind kind, Asked asked) => MediaServer.Start(new MediaServerOptions
    {
        Kind = kind,
        Environment = new Dictionary<string, string>
        {
            ["MTX_AUTHMETHOD"] = "http",
            ["MTX_AUTHHTTPADDRESS"] = $"http://mtx-hook:token-of-the-hook@127.0.0.1:{asked.Port}/v1/mediamtx/auth",
        },
    });

    private static string Text(JsonElement question, string name) => question.GetProperty(name).GetString() ?? "";

    /// <summary>The server that is asked.</summary>
    private sealed class Asked : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Asked(WebApplication app, int port, Func<JsonElement, bool> allow)
        {
            (_app, Port) = (app, port);
            app.MapPost("/v1/mediamtx/auth", async (HttpRequest request) =>
            {
                JsonElement question = (await JsonDocument.ParseAsync(request.Body)).RootElement;
                Questions.Enqueue((request.Headers.Authorization.ToString(), question));
                return Results.StatusCode(allow(question) ? 204 : 401);
            });
        }

        public int Port { get; }

        public ConcurrentQueue<(string Authorization, JsonElement Question)> Questions { get; } = new();

        public static async Task<Asked> Start(Func<JsonElement, bool> allow)
        {
            WebApplicationBuilder builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders();
            Asked asked = new(builder.Build(), FreePorts.Next(), allow);
            asked._app.Urls.Add($"http://127.0.0.1:{asked.Port}");
            await asked._app.StartAsync();
            return asked;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
