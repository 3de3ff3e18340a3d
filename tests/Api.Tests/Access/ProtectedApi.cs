using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Streams.Api.Access;
using Streams.Api.Feed;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests.Access;

/// <summary>An API of its own with tokens, over the fake grains; its limit of failures is its own too.</summary>
internal sealed partial class ProtectedApi : IAsyncDisposable
{
    public const string ReaderToken = "reader-token-0123456789";
    public const string OperatorToken = "operator-token-0123456789";
    public const string HookToken = "hook-token-0123456789";

    private readonly WebApplication _app;

    private ProtectedApi(WebApplication app, LogCapture logs, int port)
    {
        _app = app;
        Logs = logs;
        Port = port;
        Http = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Neither keeps cookies nor follows redirects.</summary>
    public HttpClient Http { get; }

    public LogCapture Logs { get; }

    public int Port { get; }

    public static async Task<ProtectedApi> Start(
        ApiFixture api,
        Dictionary<string, string?>? settings = null,
        TimeProvider? time = null,
        string? keyFolder = null,
        Action<WebApplicationBuilder>? change = null,
        Action<WebApplication>? map = null)
    {
        int port = FreePorts.Next();
        LogCapture logs = new();
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Streams:Api:Port"] = $"{port}",
            ["Streams:Access:Tokens:0:Role"] = "reader",
            ["Streams:Access:Tokens:0:Name"] = "screen",
            ["Streams:Access:Tokens:0:Token"] = ReaderToken,
            ["Streams:Access:Tokens:1:Role"] = "operator",
            ["Streams:Access:Tokens:1:Name"] = "ada",
            ["Streams:Access:Tokens:1:Token"] = OperatorToken,
            ["Streams:Access:Tokens:2:Role"] = "hook",
            ["Streams:Access:Tokens:2:Name"] = "mtx-hook",
            ["Streams:Access:Tokens:2:Token"] = HookToken,
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Services.AddSingleton(api.Grains);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.AddStreamsApi(keyFolder is null ? null : keys => keys.KeepInFolder(keyFolder));

        // The fake feed tells each thing once, and tests of the feed wait for it elsewhere.
        builder.Services.Remove(builder.Services.Single(static service => service.ImplementationType == typeof(FeedFollower)));
        change?.Invoke(builder);
        WebApplication app = builder.Build();
        app.MapStreamsApi();
        app.MapGet("/test/page", AntiForgery.TokenFor).RequireAuthorization(AccessPolicies.Reader);
        app.MapPost("/test/undeclared", static () => "done");
        map?.Invoke(app);
        await app.StartAsync();
        return new ProtectedApi(app, logs, port);
    }

    /// <summary>A part of the running service.</summary>
    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    public Task<HttpResponseMessage> Send(HttpMethod method, string url, string? token = null, params (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(method, new Uri(url, UriKind.Relative));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> Get(string url, string? token = null, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, url, token, headers);

    /// <summary>The status of a request.</summary>
    public async Task<int> Status(HttpMethod method, string url, string? token = null, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage answer = await Send(method, url, token, headers);
        return (int)answer.StatusCode;
    }

    /// <summary>Fills in the form as a browser does.</summary>
    /// <param name="token">What is typed.</param>
    /// <param name="url">The page with its query.</param>
    public async Task<HttpResponseMessage> SignIn(string token, string url = "/sign-in")
    {
        (string cookie, string field) = await Form(url);
        return await Post(url, new() { ["token"] = token, [AntiForgery.Field] = field }, ("Cookie", cookie));
    }

    /// <summary>A session's cookies, and the anti-forgery token that belongs to them.</summary>
    public async Task<(string Cookies, string AntiForgery)> Session(string token)
    {
        using HttpResponseMessage answer = await SignIn(token);
        Assert.Equal(302, (int)answer.StatusCode);
        string session = CookieOf(answer, AccessSchemes.SessionCookie);
        using HttpResponseMessage page = await Get("/test/page", null, ("Cookie", session));
        return (session + "; " + CookieOf(page, "streams-anti-forgery"), await page.Content.ReadAsStringAsync());
    }

    public async Task<HttpResponseMessage> Post(string url, Dictionary<string, string> form, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(url, UriKind.Relative)) { Content = new FormUrlEncodedContent(form) };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>The cookie that an answer sets, as a request sends it.</summary>
    public static string CookieOf(HttpResponseMessage answer, string name) =>
        answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith(name + "=", StringComparison.Ordinal)).Split(';')[0];

    private async Task<(string Cookie, string Field)> Form(string url)
    {
        using HttpResponseMessage page = await Get(url);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return (CookieOf(page, "streams-anti-forgery"), HiddenField().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value);
    }

    [GeneratedRegex("name=\"antiForgery\" value=\"([^\"]+)\"")]
    private static partial Regex HiddenField();
}
