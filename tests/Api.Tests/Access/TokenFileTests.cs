using Microsoft.Extensions.Logging;
using Streams.Api.Access;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests.Access;

/// <summary>Changes of the token file while the service runs.</summary>
[Collection(ApiCollection.Name)]
public sealed class TokenFileTests(ApiFixture fixture) : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task A_change_is_picked_up_and_a_broken_file_keeps_the_last_good_tokens()
    {
        await Write("# tokens\n\nreader  first  first-token-0123456789\n");
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new() { ["Streams:Access:TokenFile"] = _file, ["Streams:Access:FailuresPerMinute"] = "10000" });
        Assert.Equal(200, await Read(api, "first-token-0123456789"));

        await Write("reader second second-token-0123456789");
        await Becomes(api, "second-token-0123456789", 200);
        Assert.Equal(401, await Read(api, "first-token-0123456789"));

        await Write("reader third third-token-0123456789\nowner fourth fourth-token-0123456789\nnonsense");
        LogLine line = await Eventually.Get(
            () => api.Logs.Lines.FirstOrDefault(static line => line is { Id: 1702, Level: LogLevel.Error }), static line => line is not null, "the error logged") ?? throw new InvalidOperationException();
        Assert.Contains("line 2: the role must be", line.Text, StringComparison.Ordinal);
        Assert.Contains("line 3: a line is", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("token-0123456789", line.Text, StringComparison.Ordinal);
        Assert.Equal(200, await Read(api, "second-token-0123456789"));
        Assert.Equal(401, await Read(api, "third-token-0123456789"));

        await Write("reader third third-token-0123456789");
        await Becomes(api, "third-token-0123456789", 200);
        Assert.Equal(200, await Read(api, ProtectedApi.ReaderToken));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_file_that_is_emptied_or_gone_shuts_nobody_out_or_in(string? content)
    {
        await Write("reader only only-token-0123456789");
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new() { ["Streams:Access:TokenFile"] = _file });
        if (content is null)
        {
            File.Delete(_file);
        }
        else
        {
            await Write(content);
        }

        await Eventually.True(() => api.Logs.Lines.Any(static line => line.Id == 1702), "the error logged");
        Assert.Equal(200, await Read(api, "only-token-0123456789"));
        Assert.Equal(401, await api.Status(HttpMethod.Get, "/v1/streams"));
    }

    [Fact]
    public async Task A_session_ends_when_its_token_is_taken_away_and_follows_its_role()
    {
        await Write("operator ops ops-token-0123456789\nreader r reader-two-0123456789");
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new() { ["Streams:Access:TokenFile"] = _file });
        (string cookies, string token) = await api.Session("ops-token-0123456789");
        Assert.Equal(404, await Stop());

        await Write("reader ops ops-token-0123456789");
        await Eventually.Get(Stop, static status => status == 403, "the session lost its role");
        Assert.Equal(200, await api.Status(HttpMethod.Get, "/v1/streams", null, ("Cookie", cookies)));

        await Write("operator ops another-token-0123456789");
        await Eventually.Get(() => api.Status(HttpMethod.Get, "/v1/streams", null, ("Cookie", cookies)), static status => status == 401, "the session ended");

        Task<int> Stop() => api.Status(HttpMethod.Post, "/v1/streams/none/stop", null, ("Cookie", cookies), (AntiForgery.Header, token));
    }

    [Fact]
    public async Task A_feed_ends_when_tokens_change_and_is_open_again_only_to_a_valid_one()
    {
        await Write("reader first first-token-0123456789");
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new() { ["Streams:Access:TokenFile"] = _file });
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri("/v1/feed", UriKind.Relative)) { Headers = { Authorization = new("Bearer", "first-token-0123456789") } };
        using HttpResponseMessage feed = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)feed.StatusCode);
        await Write("reader second second-token-0123456789");

        await feed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(401, await api.Status(HttpMethod.Get, "/v1/feed", "first-token-0123456789"));
    }

    private static Task<int> Read(ProtectedApi api, string token) => api.Status(HttpMethod.Get, "/v1/streams", token);

    private static Task<int> Becomes(ProtectedApi api, string token, int expected) =>
        Eventually.Get(() => Read(api, token), status => status == expected, $"{token} answered with {expected}");

    private Task Write(string text) => File.WriteAllTextAsync(_file, text, TestContext.Current.CancellationToken);
}
