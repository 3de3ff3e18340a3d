using Microsoft.Extensions.Time.Testing;
using Streams.Api.Access;
using Xunit;

namespace Streams.Api.Tests.Access;

/// <summary>Sign-in, sessions and anti-forgery in a browser.</summary>
[Collection(ApiCollection.Name)]
public sealed class SessionTests(ApiFixture fixture)
{
    private readonly string _stream = FakeCluster.NewStream();

    [Fact]
    public async Task A_browser_that_asks_for_a_page_is_led_through_the_sign_in_and_back()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        using HttpResponseMessage led = await api.Get("/docs/?x=1", null, ("Accept", "text/html"));
        Assert.Equal((302, "/sign-in?return=%2Fdocs%2F%3Fx%3D1"), ((int)led.StatusCode, led.Headers.Location!.ToString()));

        using HttpResponseMessage signedIn = await api.SignIn(ProtectedApi.ReaderToken, led.Headers.Location.ToString());
        Assert.Equal((302, "/docs/?x=1"), ((int)signedIn.StatusCode, signedIn.Headers.Location!.ToString()));
        string cookie = signedIn.Headers.GetValues("Set-Cookie").Single(static set => set.StartsWith("streams-session=", StringComparison.Ordinal));
        Assert.All(["httponly", "samesite=strict", "path=/"], part => Assert.Contains(part, cookie, StringComparison.Ordinal));
        Assert.DoesNotContain(ProtectedApi.ReaderToken, cookie, StringComparison.Ordinal);
        Assert.Equal(200, await api.Status(HttpMethod.Get, "/v1/streams", null, ("Cookie", cookie.Split(';')[0])));
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("~/x")]
    public async Task The_sign_in_never_leads_to_another_site(string url)
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        using HttpResponseMessage answer = await api.SignIn(ProtectedApi.ReaderToken, "/sign-in?return=" + Uri.EscapeDataString(url));
        Assert.Equal((302, "/"), ((int)answer.StatusCode, answer.Headers.Location!.ToString()));
    }

    [Theory]
    [InlineData("no-such-token-0123456")]
    [InlineData("")]
    [InlineData(ProtectedApi.HookToken)]
    public async Task Another_token_begins_no_session_and_the_form_says_so(string token)
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        using HttpResponseMessage answer = await api.SignIn(token);
        Assert.Equal(401, (int)answer.StatusCode);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies) && cookies.Any(static set => set.StartsWith("streams-session=", StringComparison.Ordinal)));
        string page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("role=\"alert\"", page, StringComparison.Ordinal);
        Assert.True(token.Length == 0 || !page.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sign_in_without_the_forms_token_or_from_another_site_is_403()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        using HttpResponseMessage bare = await api.Post("/sign-in", new() { ["token"] = ProtectedApi.OperatorToken });
        Assert.Equal(403, (int)bare.StatusCode);
        using HttpResponseMessage foreign = await api.Post("/sign-in", new() { ["token"] = ProtectedApi.OperatorToken }, ("Sec-Fetch-Site", "cross-site"));
        await ApiFixture.Problem(foreign, 403);
    }

    [Fact]
    public async Task Too_many_failed_sign_ins_are_429()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new() { ["Streams:Access:FailuresPerMinute"] = "1" });
        using HttpResponseMessage first = await api.SignIn("wrong-token-0123456789");
        Assert.Equal(401, (int)first.StatusCode);
        using HttpResponseMessage second = await api.SignIn(ProtectedApi.OperatorToken);
        await ApiFixture.Problem(second, 429);
    }

    [Fact]
    public async Task A_command_needs_the_pages_anti_forgery_token_in_a_header_or_a_field()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(_stream));
        (string cookies, string token) = await api.Session(ProtectedApi.OperatorToken);
        (string _, string ofAnother) = await api.Session(ProtectedApi.ReaderToken);
        string url = $"/v1/streams/{_stream}/stop";

        using HttpResponseMessage bare = await api.Send(HttpMethod.Post, url, null, ("Cookie", cookies));
        Assert.Equal("urn:streams:problem:anti-forgery", (await ApiFixture.Problem(bare, 403)).GetProperty("type").GetString());
        Assert.Equal(403, await api.Status(HttpMethod.Post, url, null, ("Cookie", cookies), (AntiForgery.Header, ofAnother)));
        Assert.Equal(403, await api.Status(HttpMethod.Post, url, null, ("Cookie", cookies), (AntiForgery.Header, token), ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(403, await api.Status(HttpMethod.Post, url, null, ("Cookie", cookies), (AntiForgery.Header, token), ("Origin", "http://elsewhere.example")));
        Assert.False(FakeCluster.Orders.ContainsKey(_stream));

        Assert.Equal(200, await api.Status(HttpMethod.Post, url, null, ("Cookie", cookies), (AntiForgery.Header, token), ("Sec-Fetch-Site", "same-origin")));
        using HttpResponseMessage form = await api.Post(url, new() { [AntiForgery.Field] = token }, ("Cookie", cookies));
        Assert.Equal(200, (int)form.StatusCode);
        Assert.Equal(2, FakeCluster.Orders[_stream].Count);
    }

    [Fact]
    public async Task A_readers_session_commands_nothing()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        (string cookies, string token) = await api.Session(ProtectedApi.ReaderToken);
        Assert.Equal(403, await api.Status(HttpMethod.Post, $"/v1/streams/{_stream}/stop", null, ("Cookie", cookies), (AntiForgery.Header, token)));
    }

    [Fact]
    public async Task A_forged_or_altered_cookie_is_401()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        await using ProtectedApi other = await ProtectedApi.Start(fixture);
        using HttpResponseMessage own = await api.SignIn(ProtectedApi.OperatorToken);
        using HttpResponseMessage foreign = await other.SignIn(ProtectedApi.OperatorToken);
        string cookie = ProtectedApi.CookieOf(own, AccessSchemes.SessionCookie);
        char flipped = cookie[^20] == 'A' ? 'B' : 'A';
        string altered = cookie[..^20] + flipped + cookie[^19..];
        foreach (string forged in (string[])["streams-session=operator", altered, ProtectedApi.CookieOf(foreign, AccessSchemes.SessionCookie)])
        {
            using HttpResponseMessage answer = await api.Get("/v1/streams", null, ("Cookie", forged));
            await ApiFixture.Problem(answer, 401);
        }

        Assert.Equal(200, await api.Status(HttpMethod.Get, "/v1/streams", null, ("Cookie", cookie)));
    }

    [Fact]
    public async Task A_session_ends_after_12_hours_however_much_it_is_used()
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        await using ProtectedApi api = await ProtectedApi.Start(fixture, time: time);
        using HttpResponseMessage signedIn = await api.SignIn(ProtectedApi.ReaderToken);
        string cookie = ProtectedApi.CookieOf(signedIn, AccessSchemes.SessionCookie);
        time.Advance(TimeSpan.FromHours(11));
        Assert.Equal(200, await api.Status(HttpMethod.Get, "/v1/streams", null, ("Cookie", cookie)));
        time.Advance(TimeSpan.FromHours(1.1));
        Assert.Equal(401, await api.Status(HttpMethod.Get, "/v1/streams", null, ("Cookie", cookie)));
    }

    [Fact]
    public async Task A_sign_out_takes_the_cookie_back()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        (string cookies, string token) = await api.Session(ProtectedApi.ReaderToken);
        using HttpResponseMessage answer = await api.Post("/sign-out", new() { [AntiForgery.Field] = token }, ("Cookie", cookies));
        Assert.Equal(302, (int)answer.StatusCode);
        Assert.Equal("streams-session=", ProtectedApi.CookieOf(answer, AccessSchemes.SessionCookie));
    }

    [Fact]
    public async Task A_session_outlives_a_restart()
    {
        string keys = Directory.CreateTempSubdirectory("streams-keys-").FullName;
        string cookie;
        await using (ProtectedApi before = await ProtectedApi.Start(fixture, keyFolder: keys))
        {
            using HttpResponseMessage signedIn = await before.SignIn(ProtectedApi.ReaderToken);
            cookie = ProtectedApi.CookieOf(signedIn, AccessSchemes.SessionCookie);
        }

        await using ProtectedApi after = await ProtectedApi.Start(fixture, keyFolder: keys);
        Assert.Equal(200, await after.Status(HttpMethod.Get, "/v1/streams", null, ("Cookie", cookie)));
        Directory.Delete(keys, recursive: true);
    }
}
