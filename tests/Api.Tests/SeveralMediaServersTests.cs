using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streams.Api.Tests.Access;
using Streams.Api.Tests.MediaMtxAuth;
using Xunit;

namespace Streams.Api.Tests;

/// <summary>The API of a service with two media servers, which are known by their names.</summary>
[Collection(ApiCollection.Name)]
public sealed class SeveralMediaServersTests(ApiFixture fixture) : IAsyncLifetime
{
    private static readonly string LongName = new('n', 64);

    private readonly string _stream = FakeCluster.NewStream();
    private ProtectedApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await ProtectedApi.Start(fixture, new(MediaQuestions.Keys)
    {
        ["Streams:Media:Nodes:0:Name"] = "a",
        ["Streams:Media:Nodes:1:Name"] = LongName,
        ["Streams:Media:Nodes:1:ApiUser"] = "root",
        ["Streams:Media:Nodes:1:ApiPassword"] = "password-of-the-second",
    });

    public async ValueTask DisposeAsync()
    {
        FakeCluster.Nodes.Clear();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task An_events_media_server_reaches_its_stream()
    {
        Assert.Equal(202, (await Post(Bodies.With(_stream, "node", LongName))).Status);
        Assert.Equal(LongName, Assert.Single(FakeCluster.Events[_stream]).Node);
    }

    [Fact]
    public async Task An_event_of_an_unknown_media_server_is_refused_and_the_known_ones_are_named() =>
        await ExpectRefusal(Bodies.With(_stream, "node", "c"), "'c'", $"a, {LongName}", "Streams:Media:Nodes");

    [Fact]
    public async Task An_event_that_names_none_is_refused_and_the_variable_is_named() =>
        await ExpectRefusal(Bodies.Without(_stream, "node"), "required", $"a, {LongName}", "STREAMS_NODE");

    [Fact]
    public async Task MediaMTXs_own_servers_are_for_the_user_of_any_media_server_and_for_no_mixture()
    {
        Assert.Equal(204, await MediaQuestions.Ask(_api, "api", "", "api-password", "admin"));
        Assert.Equal(204, await MediaQuestions.Ask(_api, "metrics", "", "password-of-the-second", "root"));
        Assert.Equal(401, await MediaQuestions.Ask(_api, "api", "", "password-of-the-second", "admin"));
        Assert.Equal(401, await MediaQuestions.Ask(_api, "api", "", "api-password", "root"));
    }

    [Fact]
    public async Task All_are_listed_with_their_zones()
    {
        FakeCluster.Nodes["a"] = new MediaNodeStatus { Name = "a", IsReachable = true, Zone = "west", Version = "v1.20.1" };
        FakeCluster.Nodes[LongName] = new MediaNodeStatus { Name = LongName, Problem = "refused" };
        using HttpResponseMessage answer = await _api.Get("/v1/nodes", ProtectedApi.ReaderToken);
        JsonElement[] nodes = [.. JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("mediaNodes").EnumerateArray()];
        Assert.Equal(["a", LongName], nodes.Select(static node => node.GetProperty("name").GetString()));
        Assert.Equal([true, false], nodes.Select(static node => node.GetProperty("isReachable").GetBoolean()));
        Assert.Equal("west", nodes[0].GetProperty("zone").GetString());
        Assert.False(nodes[1].TryGetProperty("zone", out _));
        using HttpResponseMessage page = await _api.Get("/parts/nodes", ProtectedApi.ReaderToken);
        string html = await page.Content.ReadAsStringAsync();
        Assert.Contains($"MediaMTX {LongName} is unreachable", html, StringComparison.Ordinal);
        Assert.Contains("zone west", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_is_published_on_two_says_so_in_its_status_and_on_its_page()
    {
        LiveSource input = new("rtmpConn", "b1", "", DateTimeOffset.UnixEpoch) { Node = LongName };
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(_stream) with
        {
            Input = input,
            Conflicts = [input with { Id = "a1", Node = "a", RemoteAddress = "10.0.0.7:4711" }],
        });
        using HttpResponseMessage answer = await _api.Get($"/v1/streams/{_stream}", ProtectedApi.ReaderToken);
        JsonElement status = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(LongName, status.GetProperty("input").GetProperty("node").GetString());
        JsonElement conflict = Assert.Single(status.GetProperty("conflicts").EnumerateArray());
        Assert.Equal(("a", "10.0.0.7:4711"), (conflict.GetProperty("node").GetString(), conflict.GetProperty("remoteAddress").GetString()));
        using HttpResponseMessage page = await _api.Get($"/streams/{_stream}", ProtectedApi.ReaderToken);
        string html = await page.Content.ReadAsStringAsync();
        Assert.Contains("<strong>Conflict.</strong>", html, StringComparison.Ordinal);
        Assert.Contains("<code>10.0.0.7:4711</code>", html, StringComparison.Ordinal);
        Assert.Contains($"at {LongName} since", html, StringComparison.Ordinal);
        Assert.Contains("Streams:Media:Nodes:1:HlsUrl", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_streams_preview_is_of_its_own_media_server_and_its_page_may_load_all_of_them()
    {
        await using ProtectedApi api = await ProtectedApi.Start(fixture, new(MediaQuestions.Keys)
        {
            ["Streams:Media:Nodes:0:Name"] = "a",
            ["Streams:Media:Nodes:1:Name"] = "b",
            ["Streams:Media:Nodes:1:HlsUrl"] = "https://b.example:8443",
            ["Streams:Media:Nodes:2:Name"] = "c",
            ["Streams:Media:Nodes:2:HlsPort"] = "8890",
        });
        foreach ((string node, string origin) in new[] { ("a", "http://127.0.0.1:8888"), ("b", "https://b.example:8443"), ("c", "http://127.0.0.1:8890") })
        {
            FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(_stream) with { Input = new LiveSource("rtmpConn", "x", "", DateTimeOffset.UnixEpoch) { Node = node } });
            using HttpResponseMessage page = await api.Get($"/streams/{_stream}", ProtectedApi.ReaderToken);
            Assert.Contains($"data-stream=\"{origin}/live/{_stream}/out/\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using HttpResponseMessage player = await api.Get($"/streams/{_stream}/preview/out?node={node}", ProtectedApi.ReaderToken);
            Assert.Contains($"data-stream=\"{origin}/live/{_stream}/out/\"", await player.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Contains("connect-src 'self' http://127.0.0.1:8888 http://127.0.0.1:8890 https://b.example:8443;", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true, true, 200, "Healthy")]
    [InlineData(true, false, 200, "Degraded: {0}: the second is away")]
    [InlineData(false, true, 200, "Degraded: a: the first is away")]
    [InlineData(false, false, 503, "Unhealthy: a: the first is away {0}: the second is away")]
    public async Task It_is_ready_while_one_of_them_answers(bool first, bool second, int status, string check)
    {
        FakeCluster.Nodes["a"] = new MediaNodeStatus { Name = "a", IsReachable = first, Problem = "the first is away" };
        FakeCluster.Nodes[LongName] = new MediaNodeStatus { Name = LongName, IsReachable = second, Problem = "the second is away" };
        using HttpResponseMessage answer = await _api.Get("/health/ready");
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(string.Format(null, check, LongName), JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("checks").GetProperty("media").GetString());
    }

    private async Task ExpectRefusal(JsonObject body, params string[] named)
    {
        (int status, string answer) = await Post(body);
        Assert.Equal(422, status);
        JsonProperty error = Assert.Single(JsonElement.Parse(answer).GetProperty("errors").EnumerateObject());
        Assert.Equal("node", error.Name);
        Assert.All(named, text => Assert.Contains(text, error.Value[0].GetString(), StringComparison.Ordinal));
        Assert.False(FakeCluster.Events.ContainsKey(_stream));
    }

    private async Task<(int Status, string Answer)> Post(JsonObject body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("/v1/mediamtx/events/ready", UriKind.Relative))
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", ProtectedApi.HookToken);
        using HttpResponseMessage answer = await _api.Http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
