using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>One event, seen alike wherever an operator looks: history, feed, metrics, log and trace.</summary>
public sealed class ObservabilityTests(ITestOutputHelper report)
{
    /// <summary>What a line about a stream must carry, unless nobody can know it yet.</summary>
    private static readonly string[] Always = ["StreamId", "SourceId", "SourceType", "TraceId"];

    [Theory, OnBothServers]
    public async Task A_killed_worker_is_told_with_the_same_generation_everywhere(MediaServerKind kind)
    {
        // A profile that asks for a standby, which cannot be had: that is measured too.
        await using StreamsSystem system = await StreamsSystem.Start(kind, new Dictionary<string, string> { ["Streams__Workers__Profiles__passthrough__Standby"] = "Hot" });
        string id = TestStream.NewId("seen");
        ChildProgram publisher = system.Publish(id);
        JsonElement running = await system.WaitForFrames(id);
        await using FeedClient feed = await FeedClient.Open(system.Api, $"/v1/streams/{id}/feed");
        Processes.Signal(StreamsSystem.Pid(running), Processes.KillSignal);

        JsonElement entry = await NextEntry(feed, "WorkerExited");
        Assert.Equal(1, entry.GetProperty("generation").GetInt32());
        Assert.Contains("killed by signal 9", entry.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await system.WaitForFrames(id, 2);

        JsonElement told = (await Ask(system, $"/v1/streams/{id}/history")).GetProperty("entries").EnumerateArray().Single(IsExit);
        Assert.Equal(entry.GetRawText(), told.GetRawText());
        JsonElement run = Assert.Single((await Ask(system, $"/v1/streams/{id}/runs")).GetProperty("runs").EnumerateArray());
        Assert.Equal((1, "Killed", entry.GetProperty("reason").GetString()), (run.GetProperty("generation").GetInt32(), run.GetProperty("exit").GetString(), run.GetProperty("reason").GetString()));

        IReadOnlyDictionary<string, double> metrics = await Metrics(system);
        Assert.Equal(1, metrics["""streams_worker_exits_total{fault="Killed",outcome="Killed",profile="passthrough"}"""]);
        Assert.Equal(2, metrics["""streams_worker_starts_total{profile="passthrough"}"""]);
        Assert.Equal(2, metrics[$$"""streams_stream_generation{stream="{{id}}"}"""]);
        Assert.Equal(1, metrics["""streams_streams{phase="Running"}"""]);
        Assert.Equal(1, metrics["""streams_node_reachable{node="default"}"""]);
        Assert.Equal(0, metrics["""streams_hook_events_total{kind="Ready",outcome="Refused"}"""]); // it is there before the first: an alert sees that one too
        await Eventually.Get(async () => await Metrics(system), seen => seen.GetValueOrDefault($$"""streams_stream_fps{stream="{{id}}"}""") > 0, "the worker's frame rate in the metrics");
        await AssertDocumented(system);
        report.WriteLine($"{kind}: hook delay {Mean(metrics, "streams_hook_delay_seconds"):0} ms, ready to worker {Mean(metrics, "streams_ready_to_worker_duration_seconds"):0} ms");

        publisher.Signal(ChildProgram.Interrupt);
        await system.WaitForPhase(id, "Offline");
        await Eventually.Get(async () => await Metrics(system), seen => !seen.Keys.Any(name => name.Contains(id, StringComparison.Ordinal)), "no series of the ended stream");
        AssertLogged(system, id, entry.GetProperty("traceId").GetString()!);
    }

    /// <summary>Operators, alerts and the dashboard rely on the tables of docs/operations.md: they name every metric of Streams, and none that is not.</summary>
    private static async Task AssertDocumented(StreamsSystem system)
    {
        string[] documented = [.. DocumentedMetrics.All.Keys.Where(static name => !name.StartsWith("paths", StringComparison.Ordinal))];
        await Eventually.Get(async () => string.Join(' ', documented.Except(await Families(system))), static missing => missing.Length == 0, "every documented metric");
        Assert.Empty((await Families(system)).Where(static name => name.StartsWith("streams_", StringComparison.Ordinal)).Except(documented));
        string media = await system.Media.Api.GetStringAsync(system.Media.MetricsUrl);
        Assert.All(DocumentedMetrics.Of("paths"), name => Assert.Contains($"\n{name}{{", media, StringComparison.Ordinal));
    }

    /// <summary>The metrics by name.</summary>
    private static async Task<HashSet<string>> Families(StreamsSystem system) =>
        [.. (await system.Api.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n').Where(static line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(static line => line.Split(' ')[2])];

    private static bool IsExit(JsonElement entry) => entry.GetProperty("what").GetString() == "WorkerExited" && entry.GetProperty("phase").GetString() == "Backoff";

    /// <summary>No line about the stream lacks its fields, and those of its first source belong to one trace.</summary>
    private void AssertLogged(StreamsSystem system, string id, string traceId)
    {
        JsonElement[] lines = [.. system.Silo.Lines.Where(line => line.Contains(id, StringComparison.Ordinal) && line.StartsWith('{')).Select(static line => JsonElement.Parse(line))];
        Assert.NotEmpty(lines);
        foreach (JsonElement line in lines)
        {
            Assert.All(Always, field => Assert.True(Has(line, field), $"{field} is missing: {line}"));
            Assert.Equal(id, line.GetProperty("StreamId").GetString());
            bool isOfEvent = Has(line, "EventId");
            Assert.True(isOfEvent || Has(line, "Generation"), $"neither an event's nor a run's: {line}");
            Assert.True(!line.GetProperty("SourceContext").GetString()!.EndsWith("WorkerHost", StringComparison.Ordinal) || Has(line, "WorkerPid"), $"WorkerPid is missing: {line}");
        }

        string[] ofTrace = [.. lines.Where(line => line.GetProperty("TraceId").GetString() == traceId).Select(static line => line.GetProperty("@m").GetString()!)];
        Assert.Contains(ofTrace, static message => message.StartsWith("Took Ready of Input", StringComparison.Ordinal));
        Assert.Contains(ofTrace, static message => message.StartsWith("Worker started", StringComparison.Ordinal));
        Assert.Contains(ofTrace, static message => message.Contains("signal 9", StringComparison.Ordinal));
        report.WriteLine($"{lines.Length} log lines about the stream, none without its fields");
    }

    private static bool Has(JsonElement line, string field) => line.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    private static async Task<JsonElement> NextEntry(FeedClient feed, string what)
    {
        while (true)
        {
            (string name, JsonElement data) = await feed.Next();
            if (name == "history" && data.GetProperty("entry").GetProperty("what").GetString() == what)
            {
                return data.GetProperty("entry");
            }
        }
    }

    private static async Task<JsonElement> Ask(StreamsSystem system, string path) =>
        JsonElement.Parse(await system.Api.GetStringAsync(new Uri(path, UriKind.Relative)));

    private static double Mean(IReadOnlyDictionary<string, double> metrics, string name) => metrics.GetValueOrDefault(name + "_sum{}") / metrics.GetValueOrDefault(name + "_count{}", 1) * 1000;

    /// <summary>All series of /metrics; the exporter's own label is left out.</summary>
    private static async Task<IReadOnlyDictionary<string, double>> Metrics(StreamsSystem system) => PrometheusText.Read(
        await system.Api.GetStringAsync(new Uri("/metrics", UriKind.Relative)), static label => label.StartsWith("otel_scope", StringComparison.Ordinal));
}
