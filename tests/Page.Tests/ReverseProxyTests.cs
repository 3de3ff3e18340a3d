using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Playwright;
using Streams.Testing;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Streams.Page.Tests;

/// <summary>Behind a real nginx that ends TLS, with the lines and the settings of docs/reverse-proxy.md.</summary>
public sealed class ReverseProxyTests(PageSystem page) : PageTest(page)
{
    private const string PassedOn = "        proxy_pass http://127.0.0.1:8080;";
    private const string Stripped = "        proxy_pass http://127.0.0.1:8080/;";
    private const string BelowPath = "location /streams/ {";
    private const string AtRoot = "location / {";

    private readonly int _port = FreePorts.Next();
    private readonly int _previewPort = FreePorts.Next();
    private readonly string _id = TestStream.NewId("proxied");

    [Theory]
    [InlineData("/streams", BelowPath, PassedOn)]
    [InlineData("/streams", BelowPath, Stripped)]
    [InlineData("", AtRoot, PassedOn)]
    public async Task A_browser_signs_in_commands_and_sees_the_feed_change_the_page(string path, string location, string pass)
    {
        string url = $"https://{Nginx.Host}:{_port}{path}";
        await using StreamsSystem system = await Start(url);
        await using Nginx nginx = await StartNginx(system, location, pass);
        await using Visit visit = await Site.VisitAnonymously(url, new() { IgnoreHTTPSErrors = true });
        visit.Expected.Add($"https://{Nginx.Host}:{_previewPort}/");
        await visit.Page.GotoAsync(url); // Without a slash.
        Assert.Equal($"{url}/sign-in", visit.Page.Url);
        await visit.SignIn(Site.OperatorToken);
        Assert.Equal($"{url}/", visit.Page.Url);
        await Expect(visit.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(243, 245, 248)");
        Assert.All(await visit.Page.Context.CookiesAsync(), cookie => Assert.Equal((true, path.Length == 0 ? "/" : path), (cookie.Secure, cookie.Path)));

        await system.Media.StartSynthetic(_id);
        await Expect(visit.Cell(_id, "phase")).ToHaveTextAsync("Running");
        await visit.Row(_id).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(visit.Page.Locator("#connection")).ToContainTextAsync("Live");
        Assert.Equal($"{url}/streams/{_id}", visit.Page.Url);
        await AssertPreview(visit);
        await Command(visit, "Stop");
        await Expect(visit.Page.Locator("#state .phase")).ToHaveTextAsync("Offline");
        await Command(visit, "Resume");
        await Expect(visit.Page.Locator("#state .phase")).ToHaveTextAsync("Running");
        await Expect(visit.Page.Locator("#log-run")).ToHaveTextAsync("run 2");

        await AssertDocuments(visit, url);
        await visit.Page.GotoAsync(url + "/");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await visit.Page.GetByLabel("Access token").WaitForAsync();
        await visit.Page.GotoAsync($"{url}/streams/{_id}");
        Assert.StartsWith($"{url}/sign-in?return=", visit.Page.Url, StringComparison.Ordinal);
        await visit.SignIn(Site.ReaderToken);
        Assert.Equal($"{url}/streams/{_id}", visit.Page.Url);
    }

    [Fact]
    public async Task The_service_sees_nginxs_client_and_believes_nobody_elses_headers()
    {
        string url = $"https://{Nginx.Host}:{_port}/streams";
        await using StreamsSystem system = await Start(url);
        await using Nginx nginx = await StartNginx(system, BelowPath, PassedOn);
        using HttpClient through = From("127.0.0.2", nginx);
        using HttpClient direct = From("127.0.0.3", nginx);
        (string, string)[] lies = [("X-Forwarded-For", "192.0.2.7"), ("Forwarded", "for=192.0.2.8"), ("X-Forwarded-Proto", "https"), ("Authorization", "Bearer wrong-token-0123456789")];
        Assert.Equal(401, await Send(through, HttpMethod.Get, $"{url}/v1/streams", lies));
        Assert.Equal(401, await Send(direct, HttpMethod.Get, $"http://127.0.0.1:{system.ApiPort}/v1/streams", lies));
        Assert.Equal(["127.0.0.2", "127.0.0.3"], await Eventually.Get(() => ClientsOf(system), static clients => clients.Count == 2, "two refusals in the log"));

        string stop = $"{url}/v1/streams/{_id}/stop";
        (string, string) token = ("Authorization", $"Bearer {Site.OperatorToken}");
        Assert.Equal(403, await Send(through, HttpMethod.Post, stop, token, ("Origin", "https://elsewhere.example")));
        Assert.Equal(403, await Send(through, HttpMethod.Post, stop, token, ("Origin", $"http://{Nginx.Host}")));
        Assert.Equal(404, await Send(through, HttpMethod.Post, stop, token, ("Origin", $"https://{Nginx.Host}:{_port}")));
    }

    [Fact]
    public async Task Without_the_settings_the_headers_of_a_proxy_change_nothing()
    {
        Nginx.SkipWithout();
        await using Nginx nginx = await StartNginx(Site.System, AtRoot, PassedOn);
        using HttpClient through = From("127.0.0.2", nginx);
        using HttpResponseMessage answer = await through.GetAsync(new Uri($"https://{Nginx.Host}:{_port}/sign-in"), TestContext.Current.CancellationToken);
        string cookie = answer.EnsureSuccessStatusCode().Headers.GetValues("Set-Cookie").Single();
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(401, await Send(through, HttpMethod.Get, $"https://{Nginx.Host}:{_port}/v1/streams", ("Authorization", "Bearer a-token-of-nobody-here")));
        Assert.Contains("127.0.0.1", await Eventually.Get(() => ClientsOf(Site.System), static clients => clients.Count > 0, "a refusal in the log"));
        Assert.DoesNotContain("127.0.0.2", ClientsOf(Site.System));
    }

    private async Task<StreamsSystem> Start(string url)
    {
        Chromium.SkipWithout();
        Nginx.SkipWithout();
        Dictionary<string, string> settings = FakeProfile.With("progress");
        PageSystem.SetToken(settings, 0, "operator", Site.OperatorToken);
        PageSystem.SetToken(settings, 1, "reader", Site.ReaderToken);
        string hook = PageSystem.SetToken(settings, 2, "hook", Guid.NewGuid().ToString("N"));
        settings["Streams__Api__PublicUrl"] = url;
        settings["Streams__Api__TrustedProxies"] = "127.0.0.1";
        settings["Streams__Preview__HlsUrl"] = $"https://{Nginx.Host}:{_previewPort}";
        StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, settings, new() { ["ORCHESTRATOR_TOKEN"] = hook });
        system.Api.DefaultRequestHeaders.Authorization = new("Bearer", Site.OperatorToken);
        return system;
    }

    // The two changes that the document names, and the ports of this test.
    private Task<Nginx> StartNginx(StreamsSystem system, string location, string pass)
    {
        string document = File.ReadAllText(Repository.PathOf("docs", "reverse-proxy.md"));
        Assert.All([BelowPath, AtRoot, PassedOn.Trim(), Stripped.Trim()], line => Assert.Contains(line, document, StringComparison.Ordinal));
        string lines = Nginx.DocumentedLines.Replace(BelowPath, location, StringComparison.Ordinal).Replace(PassedOn, pass, StringComparison.Ordinal);
        return Nginx.Start(lines, new() { [443] = _port, [8443] = _previewPort, [8080] = system.ApiPort, [8888] = system.Media.HlsUrl.Port });
    }

    private static async Task Command(Visit visit, string verb)
    {
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = $"{verb}…" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = verb, Exact = true }).ClickAsync();
    }

    // The stand-in serves no HLS, and says so; nginx would say 502.
    private static async Task AssertPreview(Visit visit)
    {
        ILocator output = visit.Page.Locator(".preview").Last;
        IResponse answer = await visit.Page.RunAndWaitForResponseAsync(() => output.GetByRole(AriaRole.Button).ClickAsync(), static response => response.Url.EndsWith("/hls.min.js", StringComparison.Ordinal));
        Assert.Equal(404, answer.Status);
        await Expect(output.FrameLocator("iframe").GetByRole(AriaRole.Status)).ToContainTextAsync("No player at");
    }

    private static async Task AssertDocuments(Visit visit, string url)
    {
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "API", Exact = true }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Streams API" })).ToBeVisibleAsync();
        await Expect(visit.Page.GetByText(url, new() { Exact = true }).First).ToBeVisibleAsync();
        await visit.Page.GotoAsync(url + "/");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Dashboard" }).ClickAsync();
        await Expect(visit.Page.GetByText("Total Activations", new() { Exact = false }).First).ToBeVisibleAsync();
    }

    private static HttpClient From(string address, Nginx nginx) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        SslOptions = { CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { nginx.Certificate }, RevocationMode = X509RevocationMode.NoCheck } },
        ConnectCallback = async (context, cancellationToken) =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private static async Task<int> Send(HttpClient http, HttpMethod method, string url, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, url);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    // Whose tokens were refused.
    private static List<string> ClientsOf(StreamsSystem system) =>
    [
        .. system.Silo.Lines.Where(static line => line.Contains("\"LogId\":1711", StringComparison.Ordinal))
            .Select(static line => JsonElement.Parse(line).GetProperty("RemoteAddress").GetString()!),
    ];
}
