using Streams.Api.Tests.Access;
using Xunit;

namespace Streams.Api.Tests.Hosting;

/// <summary>Client address, scheme and host of requests that came through proxies. The test's own address, 127.0.0.1, is the nearest proxy.</summary>
[Collection(ApiCollection.Name)]
public sealed class ForwardedClientTests(ApiFixture fixture)
{
    private const string Near = "127.0.0.1";
    private const string Far = "127.0.0.1, 10.0.0.0/8, ::1";

    [Theory]
    [InlineData("", "X-Forwarded-For: 192.0.2.7", Near)]
    [InlineData("10.0.0.0/8", "X-Forwarded-For: 192.0.2.7", Near)]
    [InlineData("10.0.0.0/8", "Forwarded: for=192.0.2.7", Near)]
    [InlineData(Near, "", Near)]
    [InlineData(Near, "X-Forwarded-For: 192.0.2.7", "192.0.2.7")]
    [InlineData(Near, "Forwarded: for=192.0.2.7", "192.0.2.7")]
    [InlineData(Near, "X-Forwarded-For: [2001:db8::7]:4711", "2001:db8::7")]
    [InlineData(Near, "Forwarded: for=\"[2001:db8::7]:4711\"", "2001:db8::7")]
    [InlineData(Near, "X-Forwarded-For: 192.0.2.7, 10.0.0.1", "10.0.0.1")]
    [InlineData(Near, "Forwarded: for=192.0.2.7, for=10.0.0.1", "10.0.0.1")]
    [InlineData(Far, "X-Forwarded-For: 203.0.113.9, 192.0.2.7, 10.0.0.1, ::1", "192.0.2.7")]
    [InlineData(Far, "Forwarded: for=203.0.113.9, for=192.0.2.7, for=10.0.0.1, for=\"[::1]\"", "192.0.2.7")]
    [InlineData(Far, "Forwarded: for=192.0.2.7, for=unknown, for=10.0.0.1", "10.0.0.1")]
    [InlineData(Near, "X-Forwarded-For: nonsense", Near)]
    [InlineData(Near, "Forwarded: for=_hidden", Near)]
    [InlineData(Near, "Forwarded: for=192.0.2.7;x=\"", Near)]
    [InlineData(Near, "Forwarded: for=192.0.2.7\nX-Forwarded-For: 192.0.2.8", Near)]
    public async Task A_proxy_that_is_trusted_names_the_client_and_nobody_else_does(string trusted, string headers, string client)
    {
        await using ProtectedApi api = await Start(trusted);
        Assert.Equal(401, await api.Status(HttpMethod.Get, "/v1/streams", "wrong-token-0123456789", Split(headers)));
        Assert.Equal(client, Assert.Single(api.Logs.Lines, static line => line.Id == 1711).Fields["RemoteAddress"]);
    }

    [Theory]
    [InlineData("", 429)]
    [InlineData(Near, 401)]
    public async Task Wrong_tokens_count_for_the_client_that_a_trusted_proxy_names(string trusted, int second)
    {
        await using ProtectedApi api = await Start(trusted);
        Assert.Equal(401, await api.Status(HttpMethod.Get, "/v1/streams", "wrong-token-0123456789", ("X-Forwarded-For", "192.0.2.7")));
        Assert.Equal(second, await api.Status(HttpMethod.Get, "/v1/streams", "wrong-token-0123456789", ("X-Forwarded-For", "192.0.2.8")));
        Assert.Equal(429, await api.Status(HttpMethod.Get, "/v1/streams", "wrong-token-0123456789", ("X-Forwarded-For", "192.0.2.7")));
    }

    [Theory]
    [InlineData("", "X-Forwarded-Proto: https", false)]
    [InlineData("", "Forwarded: proto=https", false)]
    [InlineData("10.0.0.0/8", "X-Forwarded-Proto: https", false)]
    [InlineData("10.0.0.0/8", "Forwarded: proto=https", false)]
    [InlineData(Near, "X-Forwarded-Proto: https", true)]
    [InlineData(Near, "Forwarded: proto=https", true)]
    [InlineData(Near, "Forwarded: for=192.0.2.7;proto=https", true)]
    [InlineData(Near, "Forwarded: for=192.0.2.7;proto=https, for=192.0.2.8;proto=http", false)]
    [InlineData(Near, "X-Forwarded-For: 192.0.2.7, 192.0.2.8\nX-Forwarded-Proto: https, http", false)]
    [InlineData(Near, "Forwarded: proto=http\nX-Forwarded-Proto: https", false)]
    public async Task A_cookie_is_secure_when_a_trusted_proxy_says_https(string trusted, string headers, bool isSecure)
    {
        await using ProtectedApi api = await Start(trusted);
        using HttpResponseMessage page = await api.Get("/sign-in", null, Split(headers));
        string cookie = page.Headers.GetValues("Set-Cookie").Single();
        Assert.Equal(isSecure, cookie.Contains("secure", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("path=/;", cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "X-Forwarded-Proto: https\nX-Forwarded-Host: media.example.com", 403)]
    [InlineData(Near, "X-Forwarded-Proto: https\nX-Forwarded-Host: media.example.com", 404)]
    [InlineData(Near, "Forwarded: proto=https;host=media.example.com", 404)]
    [InlineData(Near, "Forwarded: proto=https;host=elsewhere.example", 403)]
    public async Task The_origin_is_the_one_that_a_trusted_proxy_was_asked_for(string trusted, string headers, int status)
    {
        await using ProtectedApi api = await Start(trusted);
        Assert.Equal(status, await api.Status(
            HttpMethod.Post, $"/v1/streams/{FakeCluster.NewStream()}/stop", ProtectedApi.OperatorToken, [("Origin", "https://media.example.com"), .. Split(headers)]));
    }

    [Fact]
    public async Task ASPNETs_own_variable_makes_nobody_believed()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new() { ["ForwardedHeaders_Enabled"] = "true" });
        Assert.Equal(401, await api.Status(HttpMethod.Get, "/v1/streams", "wrong-token-0123456789", ("X-Forwarded-For", "192.0.2.7")));
        Assert.Equal(Near, Assert.Single(api.Logs.Lines, static line => line.Id == 1711).Fields["RemoteAddress"]);
    }

    [Fact]
    public async Task Both_headers_from_a_trusted_proxy_are_told_once()
    {
        await using ProtectedApi api = await Start(Near);
        for (int request = 0; request < 3; request++)
        {
            Assert.Equal(200, await api.Status(HttpMethod.Get, "/health/live", null, Split("Forwarded: for=192.0.2.7\nX-Forwarded-For: 192.0.2.8")));
        }

        Assert.Single(api.Logs.Lines, static line => line.Id == 1651);
    }

    private Task<ProtectedApi> Start(string trusted) =>
        ProtectedApi.Start(fixture, new() { ["Streams:Api:TrustedProxies"] = trusted, ["Streams:Access:FailuresPerMinute"] = "1" });

    private static (string Name, string Value)[] Split(string headers) =>
        [.. headers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(": ", 2)).Select(static parts => (parts[0], parts[1]))];
}
