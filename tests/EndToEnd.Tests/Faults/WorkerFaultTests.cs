using System.Diagnostics;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>A worker that dies, hangs or has nothing to do; real ffmpeg, real signals.</summary>
public sealed class WorkerFaultTests(ITestOutputHelper report)
{
    [Fact]
    public async Task A_worker_killed_again_and_again_is_retried_after_one_two_and_four_seconds_then_failed()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin);
        string id = TestStream.NewId("kill");
        system.Publish(id);
        foreach ((int generation, int wait) in new[] { (1, 1), (2, 2), (3, 4) })
        {
            JsonElement running = await system.WaitForFrames(id, generation);
            Processes.Signal(StreamsSystem.Pid(running), Processes.KillSignal);
            JsonElement backoff = await system.WaitForPhase(id, "Backoff");
            DateTimeOffset retryAt = backoff.GetProperty("retryAt").GetDateTimeOffset();
            Assert.Equal(wait, (retryAt - backoff.GetProperty("since").GetDateTimeOffset()).TotalSeconds, 2);
            JsonElement started = (await Eventually.Get<JsonElement?>(
                () => system.Status(id),
                status => status?.GetProperty("generation").GetInt64() == generation + 1 && status.Value.TryGetProperty("worker", out JsonElement _),
                $"generation {generation + 1} started"))!.Value;
            Assert.True(started.GetProperty("worker").GetProperty("startedAt").GetDateTimeOffset() >= retryAt, "The retry came before its time.");
        }

        JsonElement last = await system.WaitForFrames(id, 4);
        Processes.Signal(StreamsSystem.Pid(last), Processes.KillSignal);
        JsonElement failed = await system.WaitForPhase(id, "Failed");
        Assert.Contains("signal 9", failed.GetProperty("lastReason").GetString(), StringComparison.Ordinal);
        Assert.Contains("wrote", failed.GetProperty("lastReason").GetString(), StringComparison.Ordinal);
        Assert.Empty(StreamsSystem.WorkersOf(id));
    }

    [Theory, OnBothServers]
    public async Task A_frozen_worker_is_replaced(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind);
        string id = TestStream.NewId("hang");
        system.Publish(id);
        JsonElement running = await system.WaitForFrames(id);
        int pid = StreamsSystem.Pid(running);
        long frozen = Stopwatch.GetTimestamp();
        Processes.Signal(pid, ChildProgram.Freeze);
        JsonElement stopping = (await Eventually.Get<JsonElement?>(
            () => system.Status(id), static status => status?.GetProperty("phase").GetString() != "Running", "no longer running"))!.Value;
        TimeSpan noticed = Stopwatch.GetElapsedTime(frozen);
        report.WriteLine($"{kind}: frozen worker noticed after {noticed.TotalSeconds:0.0} s (target <= 6 s)");
        Assert.InRange(noticed, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(9));
        Assert.Contains("hung", stopping.GetProperty("lastReason").GetString(), StringComparison.Ordinal);
        await system.WaitForFrames(id, 2);
        Assert.False(Processes.IsAlive(pid));
        Assert.Single(StreamsSystem.WorkersOf(id));
        string runs = await system.Api.GetStringAsync(new Uri($"/v1/streams/{id}/runs", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("Hung", JsonDocument.Parse(runs).RootElement.GetProperty("runs")[0].GetProperty("exit").GetString());
    }

    [Theory, OnBothServers]
    public async Task With_a_frozen_publisher_the_worker_is_kept_and_the_input_shown_as_idle(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind, mediaEnvironment: new() { ["MTX_READTIMEOUT"] = "60s" });
        string id = TestStream.NewId("idle");
        ChildProgram publisher = system.Publish(id);
        JsonElement running = await system.WaitForFrames(id);
        publisher.Signal(ChildProgram.Freeze);
        long frozenAt = Stopwatch.GetTimestamp();
        await Eventually.Get<JsonElement?>(() => system.Status(id), static status => status?.TryGetProperty("inputIdleSince", out JsonElement _) == true, "shown as idle");

        // Longer than the time after which a worker without progress would be called hung.
        JsonElement later = (await Eventually.Get<JsonElement?>(
            () => system.Status(id), _ => Stopwatch.GetElapsedTime(frozenAt) > TimeSpan.FromSeconds(8), "eight seconds of silence"))!.Value;
        Assert.Equal("Running", later.GetProperty("phase").GetString());
        Assert.Equal(StreamsSystem.Pid(running), StreamsSystem.Pid(later));
        Assert.True(later.TryGetProperty("inputIdleSince", out JsonElement _));

        long before = StreamsSystem.Frames(later);
        publisher.Signal(ChildProgram.Thaw);
        JsonElement resumed = (await Eventually.Get<JsonElement?>(() => system.Status(id), status => StreamsSystem.Frames(status!.Value) > before, "frames again"))!.Value;
        Assert.Equal(1, resumed.GetProperty("generation").GetInt64());
    }

    [Theory, OnBothServers]
    public async Task A_publisher_that_takes_over_gets_one_new_worker(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind);
        string id = TestStream.NewId("take");
        system.Publish(id);
        JsonElement first = await system.WaitForFrames(id);
        await using WorkerWatch watch = new(stream => stream == id);
        long takenOver = Stopwatch.GetTimestamp();
        system.Publish(id, "?second=1");
        JsonElement second = await system.WaitForFrames(id, 2);
        await system.WaitForPath($"live/{id}/out");
        report.WriteLine(
            $"{kind}: takeover until the new worker's output {Stopwatch.GetElapsedTime(takenOver).TotalSeconds:0.0} s, the second publisher's own start included (target <= 2 s)");
        Assert.Equal("second=1", second.GetProperty("input").GetProperty("query").GetString());
        Assert.False(Processes.IsAlive(StreamsSystem.Pid(first)));
        Assert.Single(StreamsSystem.WorkersOf(id));
        Assert.Empty(watch.Doubled);
        Assert.NotEqual(0, watch.Looks);
    }
}
