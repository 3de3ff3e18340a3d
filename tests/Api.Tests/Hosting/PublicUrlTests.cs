using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Streams.Api.Access;
using Streams.Api.Tests.Access;
using Xunit;

namespace Streams.Api.Tests.Hosting;

/// <summary>The service at a public address below a path, as a proxy asks it that strips the path, or one that passes it on.</summary>
[Collection(ApiCollection.Name)]
public sealed partial class PublicUrlTests(ApiFixture fixture)
{
    private const string Url = "https://media.example.com/streams";

    private readonly string _stream = FakeCluster.NewStream();

    [Theory]
    [InlineData("")]
    [InlineData("/streams")]
    public async Task Signing_in_leads_back_below_the_path_with_cookies_for_it_alone(string passedOn)
    {
        await using ProtectedApi api = await Start();
        using HttpResponseMessage led = await api.Get(passedOn + "/docs/?x=1", null, ("Accept", "text/html"));
        Assert.Equal((302, "/streams/sign-in?return=%2Fstreams%2Fdocs%2F%3Fx%3D1"), ((int)led.StatusCode, led.Headers.Location!.ToString()));
        using HttpResponseMessage home = await api.Get(passedOn + "/", null, ("Accept", "text/html"));
        Assert.Equal("/streams/sign-in", home.Headers.Location!.ToString());

        string signIn = led.Headers.Location.ToString();
        using HttpResponseMessage page = await api.Get(signIn["/streams".Length..]);
        Assert.Contains("action=\"/streams/sign-in?return=", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage signedIn = await api.SignIn(ProtectedApi.ReaderToken, passedOn + signIn["/streams".Length..]);
        Assert.Equal((302, "/streams/docs/?x=1"), ((int)signedIn.StatusCode, signedIn.Headers.Location!.ToString()));
        foreach (string cookie in page.Headers.GetValues("Set-Cookie").Concat(signedIn.Headers.GetValues("Set-Cookie")))
        {
            Assert.Contains("path=/streams;", cookie, StringComparison.Ordinal);
            Assert.Contains("secure;", cookie, StringComparison.Ordinal);
        }

        using HttpResponseMessage plain = await api.SignIn(ProtectedApi.ReaderToken, passedOn + "/sign-in");
        Assert.Equal("/streams/", plain.Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/streams")]
    public async Task Every_link_and_form_of_the_pages_is_below_the_path_and_leads_somewhere(string passedOn)
    {
        await using ProtectedApi api = await Start();
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(_stream));
        foreach (string page in (string[])["/", $"/streams/{_stream}", $"/streams/{_stream}/stop"])
        {
            string html = await (await api.Get(passedOn + page, ProtectedApi.OperatorToken)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();
            Assert.Contains("data-root=\"/streams\"", html, StringComparison.Ordinal);
            foreach (string link in Links().Matches(html).Select(static match => WebUtility.HtmlDecode(match.Groups[1].Value)).Where(static link => link is not ("" or "#content" or "/streams/dashboard")))
            {
                if (!link.StartsWith("http://", StringComparison.Ordinal))
                {
                    Assert.StartsWith("/streams/", link, StringComparison.Ordinal);
                    int status = await api.Status(HttpMethod.Get, passedOn + link["/streams".Length..], ProtectedApi.OperatorToken);
                    Assert.True(status is 200 or 302 || (status == 405 && link.EndsWith("/sign-out", StringComparison.Ordinal)), $"{link} of {page} is {status}.");
                }
            }
        }
    }

    [Fact]
    public async Task A_path_that_may_be_stripped_or_not_is_the_endpoint_that_there_is()
    {
        await using ProtectedApi api = await Start();
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(_stream));
        foreach (string page in (string[])[$"/streams/{_stream}", $"/streams/streams/{_stream}"])
        {
            using HttpResponseMessage answer = await api.Get(page, ProtectedApi.ReaderToken);
            Assert.Contains($"<h1>{_stream}</h1>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using HttpResponseMessage home = await api.Get("/streams", ProtectedApi.ReaderToken);
        Assert.Contains("id=\"streams\"", await home.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage none = await api.Get("/streams/no/such/thing", ProtectedApi.ReaderToken);
        await ApiFixture.Problem(none, 404);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/streams")]
    public async Task A_command_by_form_leads_to_the_streams_page_below_the_path(string passedOn)
    {
        await using ProtectedApi api = await Start();
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(_stream));
        (string cookies, string token) = await api.Session(ProtectedApi.OperatorToken);
        using HttpResponseMessage answer = await api.Post(
            $"{passedOn}/streams/{_stream}/stop", new() { [AntiForgery.Field] = token }, ("Cookie", cookies), ("Origin", "https://media.example.com"));
        Assert.Equal((303, $"/streams/streams/{_stream}"), ((int)answer.StatusCode, answer.Headers.Location!.ToString()));
        using HttpResponseMessage ended = await api.Post(passedOn + "/sign-out", new() { [AntiForgery.Field] = token }, ("Cookie", cookies));
        Assert.Equal((302, "/streams/sign-in"), ((int)ended.StatusCode, ended.Headers.Location!.ToString()));
        Assert.Contains("path=/streams;", ended.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://media.example.com", 404)]
    [InlineData("HTTPS://Media.Example.com", 404)]
    [InlineData("http://media.example.com", 403)]
    [InlineData("https://media.example.com:8443", 403)]
    [InlineData("https://elsewhere.example", 403)]
    [InlineData("null", 403)]
    public async Task Only_pages_of_the_public_address_command(string origin, int status)
    {
        await using ProtectedApi api = await Start();
        Assert.Equal(status, await api.Status(HttpMethod.Post, $"/v1/streams/{_stream}/stop", ProtectedApi.OperatorToken, ("Origin", origin)));
    }

    [Fact]
    public async Task Programs_on_this_machine_ask_without_the_path_as_ever()
    {
        await using ProtectedApi api = await Start();
        Assert.Equal(200, await api.Status(HttpMethod.Get, "/health/live"));
        Assert.Equal(200, await api.Status(HttpMethod.Get, "/v1/streams", ProtectedApi.ReaderToken));
        Assert.Equal(200, await api.Status(HttpMethod.Get, "/metrics", ProtectedApi.ReaderToken));
        Assert.Equal(422, await api.Status(HttpMethod.Post, "/v1/streams/*/stop", ProtectedApi.OperatorToken));
    }

    [Theory]
    [InlineData(Url, Url)]
    [InlineData("http://127.0.0.1:9000/", "http://127.0.0.1:9000")]
    public async Task The_OpenAPI_document_names_the_public_address_as_its_server(string setting, string server)
    {
        await using ProtectedApi api = await Start(setting);
        using HttpResponseMessage answer = await api.Get("/openapi/v1.json", ProtectedApi.ReaderToken);
        JsonElement document = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(server, Assert.Single(document.GetProperty("servers").EnumerateArray()).GetProperty("url").GetString());
    }

    private Task<ProtectedApi> Start(string url = Url) => ProtectedApi.Start(fixture, new() { ["Streams:Api:PublicUrl"] = url });

    [GeneratedRegex("(?:href|src|action)=\"([^\"]*)\"")]
    private static partial Regex Links();
}
