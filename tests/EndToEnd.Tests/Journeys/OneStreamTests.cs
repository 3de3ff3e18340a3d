using System.Diagnostics;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>The main job: a broadcaster publishes, the audience finds it processed, it ends, nothing is left (US1 to US3).</summary>
public sealed class OneStreamTests(ITestOutputHelper report)
{
    [Theory, OnBothServers]
    public async Task A_published_stream_appears_processed_and_leaves_nothing_when_it_ends(MediaServerKind kind)
    {
        // Where outputs are kept, they are for a while after the end.
        await using StreamsSystem system = await StreamsSystem.Start(kind, new() { ["Streams__Continuity__KeepFor"] = "00:00:01" });
        await WarmUp(system);
        string id = TestStream.NewId("one");
        long published = Stopwatch.GetTimestamp();
        ChildProgram publisher = system.Publish(id, "?lang=es&user=x&pass=secret");
        JsonElement running = await system.WaitForFrames(id);
        TimeSpan untilFrames = Stopwatch.GetElapsedTime(published);
        await system.WaitForPath($"live/{id}/out");
        int pid = StreamsSystem.Pid(running);
        Assert.Equal([pid], StreamsSystem.WorkersOf(id));
        Assert.Equal("lang=es", running.GetProperty("input").GetProperty("query").GetString());
        Assert.Equal(["aac", "h264"], await TestStream.Probe(system.Media.Rtsp($"live/{id}/out")));
        await ReportOutputTime(system, id, kind, untilFrames);

        publisher.Signal(ChildProgram.Interrupt);
        await publisher.WaitForEnd();
        long ended = Stopwatch.GetTimestamp();
        await system.WaitForPhase(id, "Offline");
        TimeSpan untilOffline = Stopwatch.GetElapsedTime(ended);
        report.WriteLine($"{kind}: end of publish until Offline {untilOffline.TotalMilliseconds:0} ms (target < 1000 ms)");
        Assert.True(untilOffline < TimeSpan.FromSeconds(3), $"Offline only after {untilOffline}.");
        Assert.False(Processes.IsAlive(pid));
        Assert.Empty(StreamsSystem.WorkersOf(id));
        await Eventually.Get(system.ListPaths, static paths => paths.Count == 0, "no path left");
        Assert.DoesNotContain(system.Silo.Lines, static line => line.Contains("pass=secret", StringComparison.Ordinal) || line.Contains("pass=worker", StringComparison.Ordinal));
    }

    [Theory, OnBothServers]
    public async Task With_the_receiver_down_the_hook_says_why_and_the_stream_still_plays(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind);
        system.Silo.Signal(ChildProgram.Terminate);
        Assert.Equal(0, await system.Silo.WaitForEnd());
        string id = TestStream.NewId("down");
        system.Publish(id);
        string line = await system.Media.WaitForLine("mtx-hook ready");
        Assert.Contains($"127.0.0.1:{system.ApiPort}", line, StringComparison.Ordinal);
        Assert.Contains("refused", line, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["aac", "h264"], await TestStream.Probe(system.Media.Rtsp($"live/{id}/in")));

        await system.StartSilo();
        await system.WaitForFrames(id);
    }

    [Fact]
    public async Task The_GStreamer_profile_passes_a_stream_through()
    {
        Assert.SkipWhen(ChildProgram.Find("gst-launch-1.0") is null, "No GStreamer on this machine: gst-launch-1.0 is not on the PATH.");
        await using StreamsSystem system = await StreamsSystem.Start(
            MediaServerKind.Standin, new() { ["Streams__Workers__DefaultProfile"] = "gst-passthrough" });
        string id = TestStream.NewId("gst");
        ChildProgram publisher = system.Publish(id);
        JsonElement running = await system.WaitForPhase(id, "Running");
        await system.WaitForPath($"live/{id}/out");
        Assert.Equal(["aac", "h264"], await TestStream.Probe(system.Media.Rtsp($"live/{id}/out")));
        publisher.Signal(ChildProgram.Interrupt);
        await system.WaitForPhase(id, "Offline");
        Assert.False(Processes.IsAlive(StreamsSystem.Pid(running)));
    }

    [Fact]
    public async Task An_operator_stops_a_live_stream_and_the_stop_outlives_a_restart_until_resumed()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin);
        string id = TestStream.NewId("stop");
        system.Publish(id);
        await system.WaitForFrames(id);
        await Order(system, id, "stop");
        await system.WaitForPhase(id, "Offline");
        Assert.Empty(StreamsSystem.WorkersOf(id));
        system.Silo.Signal(ChildProgram.Terminate);
        await system.Silo.WaitForEnd();
        await system.StartSilo();
        await Eventually.Get<JsonElement?>(() => system.Status(id), static status => status?.TryGetProperty("inputPath", out JsonElement _) == true, "the input seen again");
        Assert.Equal("Offline", (await system.Status(id))!.Value.GetProperty("phase").GetString());
        Assert.Empty(StreamsSystem.WorkersOf(id));

        await Order(system, id, "resume");
        await system.WaitForFrames(id, 2);
        await Order(system, id, "restart");
        await system.WaitForFrames(id, 3);
        await Eventually.Get(() => system.Runs(id), static ended => ended.Count == 2, "the end of the former run, which the next one has replaced");
        string runs = await system.Api.GetStringAsync(new Uri($"/v1/streams/{id}/runs", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("pass=worker", runs, StringComparison.Ordinal);
    }

    private static async Task Order(StreamsSystem system, string id, string command)
    {
        using HttpResponseMessage answer = await system.Api.PostAsync(new Uri($"/v1/streams/{id}/{command}", UriKind.Relative), null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The first stream of a process pays for its start: that is not what is measured here.</summary>
    private static async Task WarmUp(StreamsSystem system)
    {
        string id = TestStream.NewId("warm");
        ChildProgram publisher = system.Publish(id);
        await system.WaitForFrames(id);
        publisher.Signal(ChildProgram.Interrupt);
        await system.WaitForPhase(id, "Offline");
    }

    /// <summary>By MediaMTX's own clock: both paths say when they became available, and the worker when it started.</summary>
    private async Task ReportOutputTime(StreamsSystem system, string id, MediaServerKind kind, TimeSpan untilFrames)
    {
        JsonElement status = (await system.Status(id))!.Value;
        DateTimeOffset workerStarted = status.GetProperty("worker").GetProperty("startedAt").GetDateTimeOffset();
        DateTimeOffset input = await AvailableTime(system, $"live/{id}/in");
        DateTimeOffset output = await AvailableTime(system, $"live/{id}/out");
        TimeSpan untilOutput = output - workerStarted;
        report.WriteLine(
            $"{kind}: input available until worker runs {(workerStarted - input).TotalMilliseconds:0} ms; "
            + $"worker start until /out available {untilOutput.TotalMilliseconds:0} ms (target < 1000 ms, GOP 1 s); publish until frames count {untilFrames.TotalMilliseconds:0} ms (target < 3000 ms)");
        TestContext.Current.SendDiagnosticMessage($"{kind}: worker start until /out available: {untilOutput.TotalMilliseconds:0} ms");
        Assert.True(untilOutput < TimeSpan.FromSeconds(3), $"/out became available only {untilOutput} after the worker's start.");
    }

    /// <summary>When somebody began to publish a path; one that is kept is available before.</summary>
    private static async Task<DateTimeOffset> AvailableTime(StreamsSystem system, string path)
    {
        JsonElement item = (await system.FindPath(path))!.Value;
        bool isKept = item.GetProperty("confName").GetString() == path;
        return item.GetProperty(isKept ? "onlineTime" : "availableTime").GetDateTimeOffset();
    }
}
