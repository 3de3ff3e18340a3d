using System.Globalization;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>What the audience got, as it is recorded and measured; real workers and media servers.</summary>
public sealed class AudienceTests
{
    [Theory, OnBothServers]
    public async Task A_worker_that_is_connected_and_sends_nothing_leaves_its_audience_in_the_dark_until_it_goes_on(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind, new Dictionary<string, string> { ["Streams__Workers__StallAfter"] = "00:05:00" });
        string id = TestStream.NewId("silent");
        system.Publish(id);
        int pid = StreamsSystem.Pid(await system.WaitForFrames(id));
        await WaitForShown(system, id, "Live");
        Processes.Signal(pid, ChildProgram.Freeze);
        try
        {
            JsonElement away = await Eventually.Get(() => Status(system, id), static status => AwaySince(status) is not null, "the output interrupted");
            Assert.Equal("Running", away.GetProperty("phase").GetString());
            await WaitForShown(system, id, "Dark");
            await Eventually.Get(() => Metric(system, id), static value => value == 1, "the interruption in the metrics");
        }
        finally
        {
            Processes.Signal(pid, ChildProgram.Thaw);
        }

        JsonElement back = await Eventually.Get(() => Status(system, id), static status => AwaySince(status) is null, "the output back");
        Assert.Equal(1, back.GetProperty("audience").GetProperty("interruptions").GetInt32());
        await WaitForShown(system, id, "Live");
        Assert.Equal(["OutputInterrupted", "OutputResumed"], (await system.History(id)).Select(static entry => entry.GetProperty("what").GetString()!).Where(static what => what is "OutputInterrupted" or "OutputResumed"));
        await Eventually.Get(() => Metric(system, id), static value => value == 0, "its end in the metrics");
    }

    [Theory, OnBothServers]
    public async Task What_it_got_before_the_death_of_the_silo_is_known_after_it_and_so_is_the_interruption(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind, new Dictionary<string, string> { ["Streams__Continuity__Mode"] = "Keep" });
        string id = TestStream.NewId("day");
        system.Publish(id);
        await system.WaitForFrames(id);
        string began = (await WaitForShown(system, id, "Live")).GetProperty("from").GetString()!;
        await system.KillSilo();
        DateTimeOffset killedAt = DateTimeOffset.UtcNow;
        await system.StartSilo();
        await system.WaitForFrames(id, 2);
        await WaitForShown(system, id, "Live");
        JsonElement[] spans = await Spans(system, id);
        Assert.Contains(spans, span => span.GetProperty("from").GetString() == began && span.GetProperty("shows").GetString() == "Live");
        JsonElement away = Assert.Single(spans, static span => span.GetProperty("shows").GetString() is "Slate" or "Dark");
        Assert.True(away.GetProperty("from").GetDateTimeOffset() <= killedAt, $"{away} began later than {killedAt:O}, when the silo was killed.");
        JsonElement day = await Day(system, id);
        Assert.Equal(spans.Where(static span => span.GetProperty("shows").GetString() is "Slate" or "Dark").Sum(static span => span.GetProperty("seconds").GetDouble()), day.GetProperty("awaySeconds").GetDouble(), 0.2);
        await Eventually.Get(() => Status(system, id), static status => status.GetProperty("audience").GetProperty("interruptions").GetInt32() == 1, "the interruption counted");
    }

    private static async Task<JsonElement> WaitForShown(StreamsSystem system, string id, string shows) =>
        (await Eventually.Get(() => Spans(system, id), spans => spans is [.., var last] && last.GetProperty("shows").GetString() == shows, $"the output of {id} {shows}"))[^1];

    private static async Task<JsonElement[]> Spans(StreamsSystem system, string id) => [.. (await Day(system, id)).GetProperty("spans").EnumerateArray()];

    private static async Task<JsonElement> Day(StreamsSystem system, string id) =>
        JsonElement.Parse(await system.Api.GetStringAsync(new Uri($"/v1/streams/{id}/audience", UriKind.Relative), TestContext.Current.CancellationToken));

    private static async Task<JsonElement> Status(StreamsSystem system, string id) => (await system.Status(id))!.Value;

    private static DateTimeOffset? AwaySince(JsonElement status) =>
        status.TryGetProperty("audience", out JsonElement audience) && audience.TryGetProperty("awaySince", out JsonElement since) ? DateTimeOffset.Parse(since.GetString()!, CultureInfo.InvariantCulture) : null;

    private static async Task<double> Metric(StreamsSystem system, string id) =>
        PrometheusText.Read(await system.Api.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken), static label => label.StartsWith("otel_scope", StringComparison.Ordinal))[$$"""streams_stream_output_interrupted{stream="{{id}}"}"""];
}
