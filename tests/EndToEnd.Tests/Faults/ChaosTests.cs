using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>
/// Random scripts against the whole system: publishers come, go and take over while hooks are dropped, doubled, delayed and mixed
/// up and workers are killed. After each round MediaMTX's list is the truth, and the system must reach it. <c>CHAOS_SCRIPTS</c> (1,000) says
/// how many; <c>CHAOS_MINUTES</c> how long instead (<c>make chaos</c>).
/// </summary>
public sealed class ChaosTests(ITestOutputHelper report)
{
    private const int StreamsAtOnce = 40;
    private static readonly TimeSpan ScriptTime = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Some last for a few hooks, some for the whole round, so that last acts are hit too.</summary>
    private static readonly object[] Faults =
    [
        new { kind = "hook-drop", count = 30 },
        new { kind = "hook-drop", @event = "not-ready" },
        new { kind = "hook-repeat", times = 3, count = 60 },
        new { kind = "hook-delay", milliseconds = 400, count = 60 },
        new { kind = "hook-reorder", milliseconds = 300 },
        new { kind = "api-slow", milliseconds = 300, count = 2 },
        new { kind = "api-down", count = 2 },
    ];

    private readonly string _name = TestStream.NewId("chaos")[..14];

    [Fact]
    public async Task Random_scripts_end_in_the_truth_and_never_double_a_worker()
    {
        int seed = Number("CHAOS_SEED") ?? Random.Shared.Next();
        report.WriteLine($"CHAOS_SEED={seed.ToString(CultureInfo.InvariantCulture)} repeats this run's scripts");
        Dictionary<string, string> settings = FakeProfile.With("progress", "1");
        settings["Streams__Workers__MaxConcurrentStarts"] = "40";
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, settings);
        await using WorkerWatch watch = new(IsOurs);
        Random random = new(seed);
        List<TimeSpan> convergence = [];
        int faults = 0;
        int scripts = 0;
        for (long start = Stopwatch.GetTimestamp(); IsWanted(scripts, Stopwatch.GetElapsedTime(start)); scripts += StreamsAtOnce)
        {
            faults += await OrderFaults(system, random);
            int round = scripts;
            Task playing = Task.WhenAll(Enumerable.Range(0, StreamsAtOnce).Select(i => Play(system, Id(i), new Random(Seeds.Of(seed, round, i)))));
            faults += KillOneWorker(random);
            await playing;
            await system.Media.ClearFaults();
            convergence.Add(await Converge(system));
        }

        convergence.Sort();
        report.WriteLine(
            $"chaos: {scripts} scripts, {faults} faults injected, {watch.Doubled.Count} invariant violations in {watch.Looks} looks, "
            + $"convergence p50 {At(convergence, 0.5):0} ms, p95 {At(convergence, 0.95):0} ms, max {At(convergence, 1):0} ms (target <= 3000 ms)");
        Assert.Empty(watch.Doubled);
        Assert.True(convergence[^1] < TimeSpan.FromSeconds(6), $"One round took {convergence[^1]} to reach the truth.");
    }

    [Fact]
    public async Task Fifty_streams_that_flap_leak_nothing()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress", "1"));
        string[] ids = [.. Enumerable.Range(0, 50).Select(Id)];
        await Flap(system, ids, TimeSpan.FromSeconds(5));
        await Converge(system);
        (int Pipes, int Sockets, int Threads, int MemoryMb) before = Resources(system.Silo.Pid);
        await Flap(system, ids, TimeSpan.FromSeconds(25));
        await Converge(system);
        await Eventually.True(() => WorkerWatch.Workers(IsOurs).Count == 0, "no worker left");
        (int Pipes, int Sockets, int Threads, int MemoryMb) after = await Eventually.Get(
            () => Resources(system.Silo.Pid), now => now.Pipes <= before.Pipes + 10 && now.Sockets <= before.Sockets + 20, "pipes and sockets given back");
        report.WriteLine($"(pipes, sockets, threads, MB) {before} -> {after}");
        Assert.InRange(after.Threads, 0, before.Threads + 20);
        Assert.InRange(after.MemoryMb, 0, before.MemoryMb + 100);
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static bool IsWanted(int scriptsDone, TimeSpan passed) =>
        Number("CHAOS_MINUTES") is { } minutes ? passed < TimeSpan.FromMinutes(minutes) : scriptsDone < (Number("CHAOS_SCRIPTS") ?? 1000);

    private static double At(List<TimeSpan> sorted, double quantile) => sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * quantile)].TotalMilliseconds;

    private static (int Pipes, int Sockets, int Threads, int MemoryMb) Resources(int pid)
    {
        string[] targets = [.. Directory.GetFileSystemEntries($"/proc/{pid}/fd").Select(static handle => new FileInfo(handle).LinkTarget ?? "")];
        return (targets.Count(static target => target.StartsWith("pipe:", StringComparison.Ordinal)),
            targets.Count(static target => target.StartsWith("socket:", StringComparison.Ordinal)),
            Directory.GetDirectories($"/proc/{pid}/task").Length,
            ResidentMb(pid));
    }

    private static int ResidentMb(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }

    private static async Task<int> OrderFaults(StreamsSystem system, Random random)
    {
        object[] chosen = [.. Faults.Where(_ => random.Next(3) == 0)];
        if (chosen.Length > 0)
        {
            await system.Media.Order(chosen);
        }

        return chosen.Length;
    }

    /// <summary>Kills a worker of this test, in the middle of a round.</summary>
    private int KillOneWorker(Random random)
    {
        int[] workers = [.. WorkerWatch.Workers(IsOurs).SelectMany(static stream => stream)];
        if (workers.Length == 0)
        {
            return 0;
        }

        try
        {
            Processes.Signal(workers[random.Next(workers.Length)], Processes.KillSignal);
            return 1;
        }
        catch (InvalidOperationException)
        {
            return 0; // It has ended by itself meanwhile.
        }
    }

    /// <summary>Publishes and ends at random, for as long as a script lasts; half of the scripts end with a live stream.</summary>
    private static async Task Play(StreamsSystem system, string id, Random random)
    {
        long start = Stopwatch.GetTimestamp();
        bool isLast = false;
        while (!isLast)
        {
            isLast = Stopwatch.GetElapsedTime(start) > ScriptTime;
            await (random.Next(2) == 0 ? system.Media.StartSynthetic(id) : system.Media.EndSynthetic(id));

            // The time between two acts is the script's own: it waits for nothing.
            using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(random.Next(5, 400)));
            await pause.WaitForNextTickAsync();
        }
    }

    private static async Task Flap(StreamsSystem system, string[] ids, TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            await Task.WhenAll(ids.Select(id => system.Media.StartSynthetic(id)));
            await Task.WhenAll(ids.Select(id => system.Media.EndSynthetic(id)));
        }
    }

    private static string? SourceOf(JsonElement status) =>
        status.TryGetProperty("input", out JsonElement input) && input.ValueKind == JsonValueKind.Object ? input.GetProperty("id").GetString() : null;

    private string Id(int number) => $"{_name}-{number.ToString(CultureInfo.InvariantCulture)}";

    private bool IsOurs(string id) => id.StartsWith(_name, StringComparison.Ordinal);

    /// <summary>Waits until every stream is as MediaMTX's list says, with exactly the workers that belong to it; returns how long it took.</summary>
    private async Task<TimeSpan> Converge(StreamsSystem system)
    {
        long start = Stopwatch.GetTimestamp();
        await Eventually.Get<string>(() => FindDifference(system), static difference => difference.Length == 0, "the truth", Patience);
        return Stopwatch.GetElapsedTime(start);
    }

    private async Task<string> FindDifference(StreamsSystem system)
    {
        string list = await system.Media.Api.GetStringAsync(new Uri("/v3/paths/list?itemsPerPage=1000", UriKind.Relative));
        Dictionary<string, string> truth = JsonDocument.Parse(list).RootElement.GetProperty("items").EnumerateArray()
            .ToDictionary(static item => item.GetProperty("name").GetString()!.Split('/')[1], static item => item.GetProperty("source").GetProperty("id").GetString()!);
        ILookup<string, int> workers = WorkerWatch.Workers(IsOurs);
        foreach (int number in Enumerable.Range(0, 50))
        {
            string id = Id(number);
            bool isLive = truth.TryGetValue(id, out string? source);
            JsonElement? known = await system.Status(id);
            string? phase = known?.GetProperty("phase").GetString();

            // Publishers that took over from each other are let be until one has stayed for some seconds: that is the truth of them.
            bool waits = phase == "Backoff" && known!.Value.TryGetProperty("contested", out JsonElement _);
            int expected = isLive && !waits ? 1 : 0;
            if (workers[id].Count() != expected)
            {
                return $"{id}: live {isLive}, {phase}, {workers[id].Count()} workers";
            }

            if (known is { } status)
            {
                if (phase != (!isLive ? "Offline" : waits ? "Backoff" : "Running") || SourceOf(status) != source)
                {
                    return $"{id}: live {isLive} by {source}, shown {phase} by {SourceOf(status)}";
                }
            }
            else if (isLive)
            {
                return $"{id}: live and unknown";
            }
        }

        return "";
    }
}
