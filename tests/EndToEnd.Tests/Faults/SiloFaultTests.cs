using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>The silo killed, frozen, ended, or with its storage out of order, under 20 to 50 live streams.</summary>
public sealed class SiloFaultTests(ITestOutputHelper report)
{
    private readonly string _name = TestStream.NewId("silo");

    [Fact]
    public async Task A_killed_silo_leaves_no_worker_and_its_successor_runs_each_stream_once()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        string[] ids = await StartStreams(system, 20);
        await using WorkerWatch watch = new(IsOurs);
        system.Silo.Signal(Processes.KillSignal);
        long killed = Stopwatch.GetTimestamp();
        await Eventually.True(() => WorkerWatch.Workers(IsOurs).Count == 0, "no worker left");
        report.WriteLine($"last of 20 workers gone {Stopwatch.GetElapsedTime(killed).TotalMilliseconds:0} ms after the silo was killed (target <= 1000 ms)");
        await system.Silo.DisposeAsync();

        await system.StartSilo();
        long ready = Stopwatch.GetTimestamp();
        await Task.WhenAll(ids.Select(id => system.WaitForFrames(id, 2)));
        report.WriteLine($"all 20 run again {Stopwatch.GetElapsedTime(ready).TotalSeconds:0.0} s after the silo was ready (target <= 5 s)");
        AssertOneEach(ids);
        Assert.Empty(watch.Doubled);
    }

    [Fact]
    public async Task A_silo_that_was_paused_goes_on_with_one_worker_a_stream()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        string[] ids = await StartStreams(system, 5);
        await using WorkerWatch watch = new(IsOurs);
        system.Silo.Signal(ChildProgram.Freeze);
        long paused = Stopwatch.GetTimestamp();
        await system.Media.EndSynthetic(ids[0]);
        await system.Media.StartSynthetic(ids[1]);
        await Eventually.True(() => Stopwatch.GetElapsedTime(paused) > TimeSpan.FromSeconds(20), "twenty seconds of pause", TimeSpan.FromSeconds(30));
        system.Silo.Signal(ChildProgram.Thaw);
        await system.WaitForPhase(ids[0], "Offline");
        await system.WaitForFrames(ids[1], 2);
        await Task.WhenAll(ids[2..].Select(id => system.WaitForFrames(id)));
        AssertOneEach(ids[1..]);
        Assert.Empty(watch.Doubled);
    }

    [Fact]
    public async Task What_happened_while_the_silo_was_away_is_made_up_for()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        string[] ids = await StartStreams(system, 2);
        system.Silo.Signal(ChildProgram.Terminate);
        Assert.Equal(0, await system.Silo.WaitForEnd());
        string late = _name + "-late";
        await system.Media.EndSynthetic(ids[0]);
        await system.Media.StartSynthetic(late);
        await system.StartSilo();
        long ready = Stopwatch.GetTimestamp();
        await Task.WhenAll(system.WaitForPhase(ids[0], "Offline"), system.WaitForFrames(ids[1], 2), system.WaitForFrames(late));
        report.WriteLine($"all right {Stopwatch.GetElapsedTime(ready).TotalSeconds:0.0} s after the silo was ready (target <= 2 s)");
        AssertOneEach([ids[1], late]);
    }

    [Fact]
    public async Task Over_its_capacity_streams_wait_in_order_and_start_as_slots_free()
    {
        Dictionary<string, string> settings = FakeProfile.With("progress");
        settings["Streams__Workers__MaxWorkers"] = "2";
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, settings);
        string[] ids = await StartStreams(system, 2);
        string third = _name + "-3rd";
        string fourth = _name + "-4th";
        await system.Media.StartSynthetic(third);
        await WaitForPosition(system, third, 1);
        await system.Media.StartSynthetic(fourth);
        await WaitForPosition(system, fourth, 2);
        await system.Media.EndSynthetic(ids[0]);
        await system.WaitForFrames(third);
        await WaitForPosition(system, fourth, 1);
        await system.Media.EndSynthetic(fourth);
        await system.WaitForPhase(fourth, "Offline");
        AssertOneEach([ids[1], third]);
    }

    [Fact]
    public async Task A_silo_told_to_end_stops_fifty_workers_saves_and_exits_with_0()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress", "1"));
        await StartStreams(system, 50);
        system.Silo.Signal(ChildProgram.Terminate);
        long told = Stopwatch.GetTimestamp();
        Assert.Equal(0, await system.Silo.WaitForEnd(TimeSpan.FromSeconds(30)));
        report.WriteLine($"ended with 50 workers after {Stopwatch.GetElapsedTime(told).TotalSeconds:0.0} s (target <= 10 s)");
        Assert.Empty(WorkerWatch.Workers(IsOurs));
    }

    [Fact]
    public async Task A_silo_whose_workers_ignore_signals_waits_out_their_grace_kills_them_and_exits_with_0()
    {
        Dictionary<string, string> settings = FakeProfile.With("stubborn");
        settings["Streams__Workers__StopGrace"] = "00:00:12";
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, settings);
        await StartStreams(system, 2);
        system.Silo.Signal(ChildProgram.Terminate);
        long told = Stopwatch.GetTimestamp();
        await Eventually.Get(() => system.Silo.Output, static output => output.Contains("asked to end", StringComparison.Ordinal), "the workers asked");
        Assert.Equal(HttpStatusCode.OK, (await system.Api.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(0, await system.Silo.WaitForEnd(TimeSpan.FromSeconds(60)));
        report.WriteLine($"ended after {Stopwatch.GetElapsedTime(told).TotalSeconds:0.0} s with workers that ignore signals and a grace of 12 s");
        Assert.InRange(Stopwatch.GetElapsedTime(told), TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(30));
        Assert.DoesNotContain("Unhandled exception", system.Silo.Output, StringComparison.Ordinal);
        Assert.Empty(WorkerWatch.Workers(IsOurs));
    }

    [Theory, OnBothServers]
    public async Task A_silo_told_to_end_answers_the_hooks_of_its_last_outputs_and_warns_of_nothing(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind);
        string[] ids = [.. Enumerable.Range(0, 3).Select(i => $"{_name}-{i.ToString(CultureInfo.InvariantCulture)}")];
        Array.ForEach(ids, id => system.Publish(id));
        await Task.WhenAll(ids.Select(id => system.WaitForFrames(id)));
        foreach (string id in ids)
        {
            await Eventually.Get(() => system.Silo.Output, _ => HasTaken(system, id, "Ready"), $"the ready hook of the output of {id}");
        }

        int before = system.Silo.Lines.Count;
        system.Silo.Signal(ChildProgram.Terminate);
        Assert.Equal(0, await system.Silo.WaitForEnd());

        Assert.All(ids, id => Assert.True(HasTaken(system, id, "NotReady"), $"The silo did not hear that the output of {id} had ended."));
        Assert.DoesNotContain(system.Silo.Lines.Skip(before), static line => line.Contains("\"@l\":", StringComparison.Ordinal));
        Assert.DoesNotContain(system.Media.Program.Lines, static line => line.Contains("mtx-hook", StringComparison.Ordinal) && line.Contains("\"ERR\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_state_file_is_a_clear_error_at_start()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        system.Silo.Signal(ChildProgram.Terminate);
        await system.Silo.WaitForEnd();
        string file = Path.Combine(system.DataFolder, "streams.db");
        await File.WriteAllTextAsync(file, new string('x', 8192), TestContext.Current.CancellationToken);
        InvalidOperationException ended = await Assert.ThrowsAsync<InvalidOperationException>(system.StartSilo);
        Assert.Contains($"The state file {file} cannot be used", ended.Message, StringComparison.Ordinal);
        Assert.Equal(1, await system.Silo.WaitForEnd());
    }

    private static bool HasTaken(StreamsSystem system, string id, string kind) => system.Silo.Lines.Any(line =>
        ((string[])[$"\"Kind\":\"{kind}\"", "\"Role\":\"Output\"", "\"LogId\":1001", $"\"StreamId\":\"{id}\""]).All(part => line.Contains(part, StringComparison.Ordinal)));

    private bool IsOurs(string id) => id.StartsWith(_name, StringComparison.Ordinal);

    private async Task<string[]> StartStreams(StreamsSystem system, int count)
    {
        string[] ids = [.. Enumerable.Range(0, count).Select(i => $"{_name}-{i.ToString(CultureInfo.InvariantCulture)}")];
        foreach (string id in ids)
        {
            await system.Media.StartSynthetic(id);
        }

        foreach (string id in ids)
        {
            await system.WaitForFrames(id);
        }

        return ids;
    }

    private static Task<JsonElement?> WaitForPosition(StreamsSystem system, string id, int position) => Eventually.Get<JsonElement?>(
        () => system.Status(id),
        status => status is { } seen && seen.TryGetProperty("waitingPosition", out JsonElement at) && at.GetInt32() == position,
        $"{id} waiting at {position.ToString(CultureInfo.InvariantCulture)}");

    private void AssertOneEach(string[] ids)
    {
        ILookup<string, int> workers = WorkerWatch.Workers(IsOurs);
        Assert.Equal(ids.Order(StringComparer.Ordinal), workers.Select(static stream => stream.Key).Order(StringComparer.Ordinal));
        Assert.All(workers, static stream => Assert.Single(stream));
    }
}
