using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streams.Api.Logging;
using Xunit;

namespace Streams.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class EventTests(ApiFixture api)
{
    [Theory]
    [InlineData("ready", SourceEventKind.Ready)]
    [InlineData("not-ready", SourceEventKind.NotReady)]
    public async Task An_event_reaches_its_streams_grain_whole(string endpoint, SourceEventKind kind)
    {
        string stream = FakeCluster.NewStream();
        using HttpResponseMessage answer = await api.Post(Bodies.Full(stream).ToJsonString(), endpoint);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            $$"""{"streamId":"{{stream}}","outcome":"Applied","phase":"Starting","generation":1}""",
            await answer.Content.ReadAsStringAsync());
        SourceEvent taken = Assert.Single(FakeCluster.Events[stream]);
        Assert.Equal(kind, taken.Kind);
        Assert.Equal($"live/{stream}/in", taken.Path.ToString());
        Assert.Equal(new MediaSource("rtmpConn", "31aa777e-fa1a-4f7a-8e71-b3365dac24ff"), taken.Source);
        Assert.Equal("lang=es&x=a%20b", taken.Query);
        Assert.Equal(Guid.Parse("0198f6f0-3c8e-7cc2-9d2c-0a4d1f1f9b3e"), taken.EventId);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 13, 30, 48, 216, TimeSpan.Zero), taken.OccurredAt);
    }

    [Theory]
    [InlineData("ready")]
    [InlineData("not-ready")]
    public async Task What_MediaMTX_pulls_itself_is_known_by_its_type(string endpoint)
    {
        string stream = FakeCluster.NewStream();
        JsonObject body = Bodies.With(stream, "sourceId", "");
        body["sourceType"] = "rtspSource";
        using HttpResponseMessage answer = await api.Post(body.ToJsonString(), endpoint);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(new MediaSource("rtspSource", "rtspSource"), Assert.Single(FakeCluster.Events[stream]).Source);
        Assert.Equal("rtspSource", Assert.Single(api.Logs.About(stream), static line => line.Id == 1201).Fields["SourceId"]);
    }

    [Fact]
    public async Task The_media_servers_name_reaches_the_stream_and_the_only_one_need_not_say_it()
    {
        string stream = FakeCluster.NewStream();
        using HttpResponseMessage named = await api.Post(Bodies.With(stream, "node", "default").ToJsonString());
        using HttpResponseMessage unnamed = await api.Post(Bodies.Without(stream, "node").ToJsonString());

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Accepted], [named.StatusCode, unnamed.StatusCode]);
        Assert.Equal(["default", null], FakeCluster.Events[stream].Select(static e => e.Node));
    }

    [Fact]
    public async Task What_a_sender_may_leave_out_is_filled_in()
    {
        string stream = FakeCluster.NewStream();
        DateTimeOffset before = DateTimeOffset.UtcNow;
        string body = $$"""{"path":"live/{{stream}}/out","sourceType":"rtspSession","sourceId":"x","query":null,"unknown":[{}]}""";
        using HttpResponseMessage first = await api.Post(body);
        using HttpResponseMessage second = await api.Post(body);

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        SourceEvent[] taken = [.. FakeCluster.Events[stream]];
        Assert.Equal("", taken[0].Query);
        Assert.Equal(PathRole.Output, taken[0].Path.Role);
        Assert.InRange(taken[0].OccurredAt, before, DateTimeOffset.UtcNow);
        Assert.NotEqual(Guid.Empty, taken[0].EventId);
        Assert.NotEqual(taken[0].EventId, taken[1].EventId);
    }

    [Theory]
    [InlineData(EventOutcome.Duplicate, StreamPhase.Running)]
    [InlineData(EventOutcome.Stale, StreamPhase.Backoff)]
    public async Task The_grains_receipt_is_the_answer(EventOutcome outcome, StreamPhase phase)
    {
        string stream = FakeCluster.NewStream();
        FakeCluster.Takes[stream] = taken => Task.FromResult(new EventReceipt(taken.Path.StreamId, outcome, phase, 1L << 40));
        using HttpResponseMessage answer = await api.Post(Bodies.Full(stream).ToJsonString());
        JsonElement body = JsonElement.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal(outcome.ToString(), body.GetProperty("outcome").GetString());
        Assert.Equal(phase.ToString(), body.GetProperty("phase").GetString());
        Assert.Equal(1L << 40, body.GetProperty("generation").GetInt64());
    }

    [Fact]
    public async Task Credentials_reach_neither_the_grain_nor_a_log()
    {
        string stream = FakeCluster.NewStream();
        JsonObject body = Bodies.With(stream, "query", "a=1&USER=hunter1&pa%73s=hunter2&token&jwt=hunter3&b=2");
        using HttpResponseMessage answer = await api.Post(body.ToJsonString());

        Assert.Equal("a=1&b=2", Assert.Single(FakeCluster.Events[stream]).Query);
        Assert.NotEmpty(api.Logs.About(stream));
        Assert.DoesNotContain(api.Logs.Lines, static line => line.Text.Contains("hunter", StringComparison.Ordinal)
            || line.Fields.Values.Any(static value => value?.Contains("hunter", StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task A_grain_that_hangs_is_answered_within_the_hooks_two_seconds()
    {
        string stream = FakeCluster.NewStream();
        TaskCompletionSource<EventReceipt> never = new();
        FakeCluster.Takes[stream] = _ => never.Task;
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage answer = await api.Post(Bodies.Full(stream).ToJsonString());
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        never.SetCanceled();

        await ApiFixture.Problem(answer, 503);
        Assert.InRange(took, TimeSpan.FromSeconds(1.4), TimeSpan.FromSeconds(1.95));
        Assert.Equal(1203, Assert.Single(api.Logs.About(stream), static line => line.Id is >= 1200 and < 1300).Id);
    }

    [Theory]
    [InlineData(true, 503)]
    [InlineData(false, 500)]
    public async Task A_grain_that_must_start_over_is_503_and_one_that_fails_is_500(bool startsOver, int status)
    {
        string stream = FakeCluster.NewStream();
        FakeCluster.Takes[stream] = _ => throw (startsOver
            ? new Orleans.Storage.InconsistentStateException("gone")
            : new InvalidOperationException("a secret inside"));
        using HttpResponseMessage answer = await api.Post(Bodies.Full(stream).ToJsonString());

        JsonElement problem = await ApiFixture.Problem(answer, status);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_line_about_an_event_carries_its_correlation_fields()
    {
        string stream = FakeCluster.NewStream();
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/mediamtx/events/ready")
        {
            Content = new StringContent(Bodies.Full(stream).ToJsonString(), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
            Headers = { { "traceparent", $"00-{Trace}-00f067aa0ba902b7-01" } },
        };
        using HttpResponseMessage answer = await api.Http.SendAsync(request);

        LogLine line = Assert.Single(api.Logs.About(stream), static line => line.Id is >= 1200 and < 1300);
        Assert.Equal(1201, line.Id);
        Assert.Equal(stream, line.Fields["StreamId"]);
        Assert.Equal("31aa777e-fa1a-4f7a-8e71-b3365dac24ff", line.Fields["SourceId"]);
        Assert.Equal("rtmpConn", line.Fields["SourceType"]);
        Assert.Equal("0198f6f0-3c8e-7cc2-9d2c-0a4d1f1f9b3e", line.Fields[StreamScope.EventId]);
        Assert.Equal(Trace, line.Fields["TraceId"]);
    }
}
