using System.Text.Json;
using Xunit;

namespace Streams.Api.Tests.Access;

/// <summary>Roles of bearer tokens: what each may do.</summary>
[Collection(ApiCollection.Name)]
public sealed class BearerTests(ApiFixture fixture)
{
    private static readonly string[] Tokens = [ProtectedApi.ReaderToken, ProtectedApi.OperatorToken, ProtectedApi.HookToken];

    [Theory]
    [InlineData("GET", "/v1/streams", 200, 200, 403)]
    [InlineData("GET", "/v1/streams/none", 404, 404, 403)]
    [InlineData("GET", "/openapi/v1.json", 200, 200, 403)]
    [InlineData("GET", "/docs/", 200, 200, 403)]
    [InlineData("GET", "/v1/schemas/hook-event.json", 200, 200, 403)]
    [InlineData("GET", "/v1/no-such-thing", 404, 404, 403)]
    [InlineData("POST", "/v1/streams/none/stop", 403, 404, 403)]
    [InlineData("POST", "/v1/streams/none/restart", 403, 404, 403)]
    [InlineData("PUT", "/v1/streams/none/profile", 403, 400, 403)]
    [InlineData("PUT", "/v1/streams/none/standby", 403, 400, 403)]
    [InlineData("GET", "/v1/nodes", 200, 200, 403)]
    [InlineData("GET", "/metrics", 200, 200, 403)]
    [InlineData("GET", "/v1/streams/none/history", 404, 404, 403)]
    [InlineData("GET", "/v1/streams/not.an.id/feed", 422, 422, 403)]
    [InlineData("POST", "/test/undeclared", 403, 200, 403)]
    [InlineData("POST", "/v1/mediamtx/events/ready", 403, 403, 415)]
    [InlineData("POST", "/v1/mediamtx/events/not-ready", 403, 403, 415)]
    public async Task Each_role_may_do_its_part_and_nobody_without_a_token(string method, string url, params int[] byRole)
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        using HttpResponseMessage without = await api.Send(new HttpMethod(method), url);
        await ApiFixture.Problem(without, 401);
        Assert.Equal("Bearer realm=\"streams\"", without.Headers.WwwAuthenticate.ToString());
        int[] statuses = await Task.WhenAll(Tokens.Select(token => api.Status(new HttpMethod(method), url, token)));
        Assert.Equal(byRole, statuses);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/sign-in")]
    public async Task Health_and_the_sign_in_are_open(string url)
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        Assert.Equal(200, await api.Status(HttpMethod.Get, url));
    }

    [Theory]
    [InlineData("Bearer reader-token-012345678")]
    [InlineData("Bearer READER-TOKEN-0123456789")]
    [InlineData("Bearer ")]
    [InlineData("Basic cmVhZGVyOnJlYWRlci10b2tlbi0wMTIzNDU2Nzg5")]
    [InlineData("reader-token-0123456789")]
    public async Task What_is_not_exactly_a_token_is_401_and_not_repeated(string authorization)
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        using HttpResponseMessage answer = await api.Get("/v1/streams", null, ("Authorization", authorization));
        JsonElement problem = await ApiFixture.Problem(answer, 401);
        string secret = authorization.Split(' ')[^1];
        Assert.True(secret.Length == 0 || !problem.ToString().Contains(secret, StringComparison.Ordinal));
        Assert.DoesNotContain(api.Logs.Lines, line => secret.Length > 0 && line.Text.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_token_is_told_from_none()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        using HttpResponseMessage answer = await api.Get("/v1/streams", "not-a-token-of-this-service");
        await ApiFixture.Problem(answer, 401);
        Assert.Contains("error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_commanded_is_in_the_log_and_no_token_is()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        string stream = FakeCluster.NewStream();
        FakeCluster.Statuses[stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(stream));
        Assert.Equal(200, await api.Status(HttpMethod.Post, $"/v1/streams/{stream}/stop", ProtectedApi.OperatorToken));
        LogLine line = Assert.Single(api.Logs.About(stream), static line => line.Id == 1721);
        Assert.Equal(("StopStream", "ada", "200"), (line.Fields["Command"], line.Fields["Caller"], line.Fields["Status"]));
        Assert.Equal("ada", Assert.Single(FakeCluster.Orders[stream]).Origin.By);
        Assert.DoesNotContain(api.Logs.Lines, static line => Tokens.Any(token => line.Text.Contains(token, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Too_many_wrong_tokens_are_429_but_one_that_was_right_before_goes_on_working()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new() { ["Streams:Access:FailuresPerMinute"] = "3" });
        Assert.Equal(200, await api.Status(HttpMethod.Get, "/v1/streams", ProtectedApi.ReaderToken));
        int[] wrong = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(n => api.Status(HttpMethod.Get, "/v1/streams", $"wrong-token-{n}")))];
        Assert.Equal([401, 401, 401], wrong);

        using HttpResponseMessage blocked = await api.Get("/v1/streams", "wrong-token-4");
        await ApiFixture.Problem(blocked, 429);
        Assert.InRange(blocked.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(429, await api.Status(HttpMethod.Get, "/v1/streams", i % 2 == 0 ? ProtectedApi.OperatorToken : "wrong-token-5"));
        }

        Assert.Equal(200, await api.Status(HttpMethod.Get, "/v1/streams", ProtectedApi.ReaderToken));
    }

    [Fact]
    public async Task Every_operation_says_which_token_it_needs()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture);
        using HttpResponseMessage answer = await api.Get("/openapi/v1.json", ProtectedApi.ReaderToken);
        JsonElement document = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(["bearer", "session"], document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(static scheme => scheme.Name));
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                bool open = await api.Status(new HttpMethod(operation.Name.ToUpperInvariant()), path.Name.Replace("{id}", "not.an.id", StringComparison.Ordinal)) != 401;
                Assert.Equal(!open, operation.Value.TryGetProperty("security", out _));
                Assert.Equal(!open, operation.Value.GetProperty("responses").TryGetProperty("401", out _));
            }
        }
    }
}
