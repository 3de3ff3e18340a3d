using System.Net;
using System.Text.RegularExpressions;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>A browser behind a load balancer: whichever silo answers, it is signed in.</summary>
public sealed partial class SignInTests
{
    [Fact]
    public async Task A_sign_in_at_one_silo_holds_at_the_others_and_after_its_restart()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using SiloGroup group = await SiloGroup.Start(2, ClosedSystem.Silo(null));
        CookieContainer cookies = new(); // A browser's cookies know no port.
        using HttpClientHandler handler = new() { CookieContainer = cookies, AllowAutoRedirect = false };
        using HttpClient browser = new(handler);

        Assert.Equal(HttpStatusCode.Redirect, await StatusOf(browser, group.ApiOf("silo-2")));
        Assert.Equal(HttpStatusCode.Redirect, await SignIn(browser, form: group.ApiOf("silo-1"), post: group.ApiOf("silo-2")));
        Assert.Equal(HttpStatusCode.OK, await StatusOf(browser, group.ApiOf("silo-1")));
        Assert.Equal(HttpStatusCode.OK, await StatusOf(browser, group.ApiOf("silo-2")));

        group.Silos["silo-2"].Signal(Processes.KillSignal);
        await group.StartAgain("silo-2");
        await Eventually.Get(() => StatusOf(browser, group.ApiOf("silo-2")), static status => status == HttpStatusCode.OK, "the page of the silo that was started again", TimeSpan.FromSeconds(60));
        Assert.Equal("1", await group.Server.Sql("test_1", "SELECT count(*) FROM session_keys"));
    }

    /// <summary>The form of one silo, sent to another.</summary>
    private static async Task<HttpStatusCode> SignIn(HttpClient browser, Uri form, Uri post)
    {
        string page = await browser.GetStringAsync(new Uri(form, "/sign-in"));
        Match field = HiddenField().Match(page);
        Assert.True(field.Success, page);
        using FormUrlEncodedContent body = new(new Dictionary<string, string> { ["token"] = ClosedSystem.OperatorToken, [field.Groups[1].Value] = field.Groups[2].Value });
        using HttpResponseMessage answer = await browser.PostAsync(new Uri(post, "/sign-in"), body);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> StatusOf(HttpClient browser, Uri api)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(api, "/"));
        request.Headers.Accept.ParseAdd("text/html");
        using HttpResponseMessage answer = await browser.SendAsync(request);
        return answer.StatusCode;
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]+)">""")]
    private static partial Regex HiddenField();
}
