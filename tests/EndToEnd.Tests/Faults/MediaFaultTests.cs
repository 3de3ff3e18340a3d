using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>A media server whose hooks get lost, repeated or mixed up, whose API is away or lies, or which restarts.</summary>
public sealed class MediaFaultTests(ITestOutputHelper report)
{
    private readonly string _name = TestStream.NewId("media");

    [Fact]
    public async Task Lost_hooks_are_made_up_for_by_the_poll()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        await system.Media.Order(new { kind = "hook-drop" });
        await system.Media.StartSynthetic(_name);
        long started = Stopwatch.GetTimestamp();
        await system.WaitForFrames(_name);
        report.WriteLine($"missed ready made up for after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s (target <= 2 s)");
        await system.Media.EndSynthetic(_name);
        long ended = Stopwatch.GetTimestamp();
        await system.WaitForPhase(_name, "Offline");
        report.WriteLine($"missed not-ready made up for after {Stopwatch.GetElapsedTime(ended).TotalSeconds:0.0} s (target <= 2 s)");
        Assert.Empty(StreamsSystem.WorkersOf(_name));
    }

    [Theory]
    [InlineData("api-down")]
    [InlineData("api-empty")]
    public async Task While_the_Control_API_is_away_or_lies_for_a_moment_workers_are_left_alone(string fault)
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        await system.Media.StartSynthetic(_name);
        JsonElement running = await system.WaitForFrames(_name);
        bool isDown = fault == "api-down";
        await system.Media.Order(isDown ? new { kind = fault } : (object)new { kind = fault, count = 1 });
        long ordered = Stopwatch.GetTimestamp();
        if (isDown)
        {
            await system.Silo.WaitForLine("What is live is unknown until it answers");
        }

        JsonElement later = (await Eventually.Get<JsonElement?>(
            () => system.Status(_name), _ => Stopwatch.GetElapsedTime(ordered) > TimeSpan.FromSeconds(4), "four seconds"))!.Value;
        Assert.Equal(StreamsSystem.Pid(running), StreamsSystem.Pid(later));
        Assert.Equal("Running", later.GetProperty("phase").GetString());
        await system.Media.ClearFaults();
        await system.Media.EndSynthetic(_name);
        await system.WaitForPhase(_name, "Offline");
    }

    [Theory, OnBothServers]
    public async Task While_the_media_server_is_gone_its_streams_say_so_and_use_up_no_retries(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind);
        system.PublishForever(_name);
        await system.WaitForFrames(_name);
        await system.KillMedia();
        await system.WaitForPhase(_name, "Backoff");
        await Eventually.Get(() => system.Runs(_name), static runs => runs.Count >= 2, "two runs without a media server");
        JsonElement waiting = await system.WaitForPhase(_name, "Backoff");
        Assert.Contains("MediaMTX takes no connections", waiting.GetProperty("lastReason").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, waiting.GetProperty("retries").GetInt32());
        Assert.All(await system.Runs(_name), static run => Assert.Equal("MediaAway", run.GetProperty("exit").GetString()));
        await system.StartMedia();
        await system.WaitForFrames(_name, waiting.GetProperty("generation").GetInt64() + 1);
    }

    /// <summary>A page that shifts while it is read can hide one path: the output alone looks like a stream whose input has ended.</summary>
    [Fact]
    public async Task An_input_that_one_list_leaves_out_is_left_alone()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        await system.Media.StartSynthetic(_name);
        await system.Media.StartSynthetic(_name, side: "out");
        JsonElement running = await system.WaitForFrames(_name);
        await system.Media.Order(new { kind = "api-hide", path = $"live/{_name}/in", count = 1 });
        await Eventually.Get(async () => await UsedFaults(system), static used => used == 1, "the list without the input was read");
        await system.Media.ClearFaults();
        long struck = Stopwatch.GetTimestamp();
        JsonElement later = (await Eventually.Get<JsonElement?>(
            () => system.Status(_name), _ => Stopwatch.GetElapsedTime(struck) > TimeSpan.FromSeconds(3), "three seconds"))!.Value;
        Assert.Equal(StreamsSystem.Pid(running), StreamsSystem.Pid(later));
        Assert.Equal(1, later.GetProperty("generation").GetInt32());
    }

    [Fact]
    public async Task A_list_in_small_pages_is_read_whole()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        await system.Media.Order(new object[] { new { kind = "hook-drop" }, new { kind = "api-small-pages", itemsPerPage = 2 } });
        string[] ids = [.. Enumerable.Range(0, 5).Select(i => $"{_name}-{i.ToString(CultureInfo.InvariantCulture)}")];
        foreach (string id in ids)
        {
            await system.Media.StartSynthetic(id);
        }

        await Task.WhenAll(ids.Select(id => system.WaitForFrames(id)));
    }

    [Theory, OnBothServers]
    public async Task After_a_restart_of_the_media_server_all_ten_reconnected_streams_run_once(MediaServerKind kind)
    {
        await using StreamsSystem system = await StreamsSystem.Start(kind, FakeProfile.With("progress"));
        string[] ids = [.. Enumerable.Range(0, 10).Select(i => $"{_name}-{i.ToString(CultureInfo.InvariantCulture)}")];
        foreach (string id in ids)
        {
            system.PublishForever(id);
        }

        JsonElement[] before = await Task.WhenAll(ids.Select(id => system.WaitForFrames(id, patience: TimeSpan.FromSeconds(60))));
        await using WorkerWatch watch = new(IsOurs);
        await system.StopMedia();
        await system.StartMedia();
        await Task.WhenAll(ids.Zip(before, (id, status) => Eventually.Get<JsonElement?>(
            () => system.Status(id),
            now => now?.GetProperty("phase").GetString() == "Running" && now.Value.GetProperty("input").GetProperty("id").GetString() != status.GetProperty("input").GetProperty("id").GetString(),
            $"{id} running for its new source",
            TimeSpan.FromSeconds(60))));
        ILookup<string, int> workers = WorkerWatch.Workers(IsOurs);
        Assert.Equal(ids.Length, workers.Count);
        Assert.All(workers, static stream => Assert.Single(stream));
        Assert.Empty(watch.Doubled);
    }

    private bool IsOurs(string id) => id.StartsWith(_name, StringComparison.Ordinal);

    private static async Task<int> UsedFaults(StreamsSystem system) =>
        JsonElement.Parse(await system.Media.Api.GetStringAsync(new Uri("/standin/faults", UriKind.Relative))).EnumerateArray().Sum(static fault => fault.GetProperty("used").GetInt32());
}
