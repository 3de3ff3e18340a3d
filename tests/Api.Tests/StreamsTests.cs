using System.Collections.Immutable;
using System.Text.Json;
using Streams.Api.Wire;
using Xunit;

namespace Streams.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class StreamsTests(ApiFixture api) : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 13, 0, 0, TimeSpan.FromHours(1));

    public void Dispose() => FakeCluster.List = FakeCluster.NoStreams;

    [Fact]
    public async Task The_list_without_streams_is_empty() =>
        Assert.Equal("""{"itemCount":0,"pageCount":0,"items":[]}""", await api.Http.GetStringAsync(new Uri("/v1/streams", UriKind.Relative)));

    [Theory]
    [InlineData("", 100, 0, 3)]
    [InlineData("?page=2", 50, 200, 3)]
    [InlineData("?page=3", 0, 0, 3)]
    [InlineData("?page=2147483647&itemsPerPage=1000", 0, 0, 1)]
    [InlineData("?itemsPerPage=1000", 250, 0, 1)]
    [InlineData("?page=249&itemsPerPage=1", 1, 249, 250)]
    public async Task The_list_is_paged(string query, int items, int first, int pages)
    {
        FakeCluster.List = static () => Task.FromResult(ImmutableArray.CreateRange(Enumerable.Range(0, 250).Select(static i =>
            new StreamEntry(StreamId.Parse($"s{i:000}"), StreamPhase.Running, Noon, i))));
        JsonElement list = await Get("/v1/streams" + query);

        Assert.Equal(250, list.GetProperty("itemCount").GetInt32());
        Assert.Equal(pages, list.GetProperty("pageCount").GetInt32());
        Assert.Equal(items, list.GetProperty("items").GetArrayLength());
        if (items > 0)
        {
            Assert.Equal(
                $$"""{"streamId":"s{{first:000}}","phase":"Running","since":"2026-11-22T12:00:00+00:00","generation":{{first}},"isHeld":false}""",
                list.GetProperty("items")[0].GetRawText());
        }
    }

    [Theory]
    [InlineData("?page=-1", "page")]
    [InlineData("?page=1.5", "page")]
    [InlineData("?page=", "page")]
    [InlineData("?page=99999999999", "page")]
    [InlineData("?page=x&itemsPerPage=0", "itemsPerPage page")]
    [InlineData("?itemsPerPage=1001", "itemsPerPage")]
    [InlineData("?page=1&page=2", "page")]
    public async Task Wrong_paging_is_422(string query, string wrong)
    {
        using HttpResponseMessage answer = await api.Http.GetAsync(new Uri("/v1/streams" + query, UriKind.Relative));
        JsonElement problem = await ApiFixture.Problem(answer, 422);
        Assert.Equal(wrong, string.Join(' ', problem.GetProperty("errors").EnumerateObject().Select(static e => e.Name).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("?phase=Failed", "s1 s4")]
    [InlineData("?phase=failed,running", "s0 s1 s3 s4")]
    [InlineData("?sort=-id", "s5 s4 s3 s2 s1 s0")]
    [InlineData("?sort=phase", "s2 s5 s0 s3 s1 s4")]
    [InlineData("?sort=-generation&itemsPerPage=2", "s5 s4")]
    [InlineData("?q=S3", "s3")]
    [InlineData("?sort=readers&page=1&itemsPerPage=4", "s2 s5")]
    [InlineData("?sort=since&phase=Offline", "s2 s5")]
    public async Task The_list_is_filtered_by_phase_and_sorted(string query, string expected)
    {
        StreamPhase[] phases = [StreamPhase.Running, StreamPhase.Failed, StreamPhase.Offline];
        FakeCluster.List = () => Task.FromResult(ImmutableArray.CreateRange(Enumerable.Range(0, 6).Select(i =>
            new StreamEntry(StreamId.Parse($"s{i}"), phases[i % 3], Noon.AddSeconds(i), i))));
        JsonElement list = await Get("/v1/streams" + query);
        Assert.Equal(expected, string.Join(' ', list.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("streamId").GetString())));
    }

    [Theory]
    [InlineData("?phase=Gone", "phase")]
    [InlineData("?phase=", "phase")]
    [InlineData("?phase=1", "phase")]
    [InlineData("?sort=name", "sort")]
    [InlineData("?sort=--id", "sort")]
    [InlineData("?sort=&page=x", "page sort")]
    public async Task A_wrong_filter_or_order_is_422_and_names_what_there_is(string query, string wrong)
    {
        using HttpResponseMessage answer = await api.Http.GetAsync(new Uri("/v1/streams" + query, UriKind.Relative));
        JsonElement problem = await ApiFixture.Problem(answer, 422);
        Assert.Equal(wrong, string.Join(' ', problem.GetProperty("errors").EnumerateObject().Select(static e => e.Name).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_stream_shows_its_whole_status_in_seconds_bits_and_UTC()
    {
        string stream = FakeCluster.NewStream();
        FakeCluster.Statuses[stream] = () => Task.FromResult<StreamStatus?>(FullStatus(stream));
        JsonElement view = await Get("/v1/streams/" + stream);

        Assert.Equal(stream, view.GetProperty("streamId").GetString());
        Assert.Equal("Run", view.GetProperty("order").GetString());
        Assert.Equal("Backoff", view.GetProperty("phase").GetString());
        Assert.Equal("2026-11-22T12:00:00+00:00", view.GetProperty("since").GetString());
        Assert.Equal("""{"type":"rtmpConn","id":"x","query":"a=1","since":"2026-11-22T12:00:00+00:00"}""", view.GetProperty("input").GetRawText());
        Assert.False(view.TryGetProperty("output", out _));
        Assert.Equal("""{"pid":77,"startedAt":"2026-11-22T12:00:00+00:00"}""", view.GetProperty("worker").GetRawText());
        JsonElement progress = view.GetProperty("progress");
        Assert.Equal(61.5, progress.GetProperty("outTimeSeconds").GetDouble());
        Assert.Equal(2_500_000, progress.GetProperty("bitrateBps").GetDouble());
        Assert.False(progress.TryGetProperty("fps", out _));
        Assert.False(progress.TryGetProperty("speed", out _));
        Assert.Equal("2026-11-22T12:00:00+00:00", view.GetProperty("retryAt").GetString());
        Assert.Equal("It broke.", view.GetProperty("lastReason").GetString());
        Assert.Equal("""["one","two"]""", view.GetProperty("logTail").GetRawText());
    }

    [Fact]
    public async Task A_stream_in_trouble_says_which_and_since_when()
    {
        string stream = FakeCluster.NewStream();
        FakeCluster.Statuses[stream] = () => Task.FromResult<StreamStatus?>(Troubled(stream));
        JsonElement view = await Get("/v1/streams/" + stream);

        Assert.Equal("""{"since":"2026-11-22T12:00:00+00:00","speed":0.62}""", view.GetProperty("slow").GetRawText());
        Assert.Equal("""{"takeovers":4,"addresses":["192.0.2.7:5001","192.0.2.8:5002"]}""", view.GetProperty("contested").GetRawText());
        Assert.Equal("Writing", view.GetProperty("lastFault").GetString());
        Assert.Equal("2026-11-22T12:00:00+00:00", view.GetProperty("downSince").GetString());
        Assert.Equal("Failed", view.GetProperty("phase").GetString());
        Assert.Equal("2026-11-22T12:00:00+00:00", view.GetProperty("retryAt").GetString());
        Assert.Equal("192.0.2.7:5001", view.GetProperty("input").GetProperty("remoteAddress").GetString());
        Assert.Equal("127.0.0.1:6001", view.GetProperty("output").GetProperty("remoteAddress").GetString());
    }

    [Fact]
    public async Task The_day_of_an_output_is_told_in_parts_in_seconds_and_UTC()
    {
        string stream = FakeCluster.NewStream();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        FakeCluster.Statuses[stream] = () => Task.FromResult<StreamStatus?>(FullStatus(stream) with
        {
            Audience = new StreamAudience(Noon) { AwaySince = Noon },
            Day = [new(now.AddMinutes(-10).ToOffset(TimeSpan.FromHours(5)), OutputShows.Live), new(now.AddMinutes(-1), OutputShows.Dark)],
        });
        JsonElement day = await Get($"/v1/streams/{stream}/audience");
        JsonElement[] spans = [.. day.GetProperty("spans").EnumerateArray()];
        Assert.Equal(["Live", "Dark"], spans.Select(static span => span.GetProperty("shows").GetString()));
        Assert.Equal(540, spans[0].GetProperty("seconds").GetDouble());
        Assert.EndsWith("+00:00", spans[0].GetProperty("from").GetString(), StringComparison.Ordinal);
        Assert.False(spans[0].TryGetProperty("changes", out _));
        Assert.InRange(day.GetProperty("awaySeconds").GetDouble(), 60, 90);
        Assert.Equal("2026-11-22T12:00:00+00:00", day.GetProperty("broadcast").GetProperty("awaySince").GetString());
        Assert.False((await Get($"/v1/streams/{stream}")).TryGetProperty("spans", out _));
    }

    [Fact]
    public async Task A_stream_without_trouble_says_nothing_of_it()
    {
        string stream = FakeCluster.NewStream();
        FakeCluster.Statuses[stream] = () => Task.FromResult<StreamStatus?>(FullStatus(stream));
        JsonElement view = await Get("/v1/streams/" + stream);
        Assert.All((string[])["slow", "contested", "lastFault", "downSince"], name => Assert.False(view.TryGetProperty(name, out _), name));
    }

    [Fact]
    public void The_trouble_of_a_stream_is_seen_at_a_glance()
    {
        StreamSummary troubled = StreamSummary.Of(Troubled("demo"));
        Assert.Equal((0.62, true, "192.0.2.7:5001", Noon), (troubled.SlowSpeed, troubled.IsContested, troubled.RemoteAddress, troubled.DownSince));
        StreamSummary well = StreamSummary.Of(FullStatus("demo"));
        Assert.Equal((null, false, null, null), (well.SlowSpeed, well.IsContested, well.RemoteAddress, well.DownSince));
        Assert.Null(StreamSummary.Of(new StreamEntry(StreamId.Parse("demo"), StreamPhase.Running, Noon, 1)).IsContested);
    }

    [Fact]
    public async Task An_unknown_stream_is_404()
    {
        using HttpResponseMessage answer = await api.Http.GetAsync(new Uri("/v1/streams/" + FakeCluster.NewStream(), UriKind.Relative));
        await ApiFixture.Problem(answer, 404);
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a%2Fb")]
    [InlineData("%F0%9F%92%A3")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    public async Task A_bad_id_is_422_and_names_the_pattern(string id)
    {
        using HttpResponseMessage answer = await api.Http.GetAsync(new Uri("/v1/streams/" + id, UriKind.Relative));
        JsonElement problem = await ApiFixture.Problem(answer, 422);
        Assert.Contains(StreamId.Pattern, problem.GetProperty("errors").GetProperty("id")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hanging_grains_are_503()
    {
        string stream = FakeCluster.NewStream();
        TaskCompletionSource never = new();
        FakeCluster.Statuses[stream] = async () => { await never.Task; return null; };
        FakeCluster.List = async () => { await never.Task; return []; };
        Task<HttpResponseMessage> status = api.Http.GetAsync(new Uri("/v1/streams/" + stream, UriKind.Relative));
        Task<HttpResponseMessage> list = api.Http.GetAsync(new Uri("/v1/streams", UriKind.Relative));

        await ApiFixture.Problem(await status, 503);
        await ApiFixture.Problem(await list, 503);
        never.SetResult();
    }

    internal static StreamStatus FullStatus(string stream) => new()
    {
        StreamId = StreamId.Parse(stream),
        Order = StreamOrder.Run,
        Phase = StreamPhase.Backoff,
        Since = Noon,
        Generation = 3,
        Profile = "passthrough",
        Input = new LiveSource("rtmpConn", "x", "a=1&user=u&pass=p", Noon),
        WorkerPid = 77,
        WorkerStartedAt = Noon,
        Progress = new WorkerProgress { OutTime = TimeSpan.FromSeconds(61.5), BitrateBps = 2_500_000, Fps = double.NaN, At = Noon },
        Retries = 2,
        RetryAt = Noon,
        LastReason = "It broke.",
        LogTail = ["one", "two"],
    };

    internal static StreamStatus Troubled(string stream) => FullStatus(stream) with
    {
        Phase = StreamPhase.Failed,
        Input = new LiveSource("rtmpConn", "x", "", Noon) { RemoteAddress = "192.0.2.7:5001" },
        Output = new LiveSource("rtmpConn", "y", "", Noon) { RemoteAddress = "127.0.0.1:6001" },
        Slow = new SlowWorker(Noon, 0.62),
        Contested = new InputContest(4, ["192.0.2.7:5001", "192.0.2.8:5002"]),
        LastFault = WorkerFault.Writing,
        DownSince = Noon,
    };

    private async Task<JsonElement> Get(string url) => JsonElement.Parse(await api.Http.GetStringAsync(new Uri(url, UriKind.Relative)));
}
