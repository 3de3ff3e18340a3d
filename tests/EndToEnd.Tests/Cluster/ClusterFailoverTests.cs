using System.Diagnostics;
using System.Globalization;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>Three silo processes, one PostgreSQL, one media server, publishers and workers of real ffmpeg: a silo goes, its streams do not.</summary>
public sealed class ClusterFailoverTests : IAsyncLifetime
{
    private const int Streams = 6;

    /// <summary>Silos that have just joined know little of each other, and place runs on themselves.</summary>
    private const int MostStreams = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly List<string> _ids = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("streams-failover-").FullName;
    private readonly Dictionary<int, ChildProgram> _others = [];
    private PostgresServer _server = null!;
    private StreamsSystem _system = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    private async Task Start(MediaServerKind kind)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        _server = await PostgresServer.Start();
        Dictionary<string, string> settings = new()
        {
            ["Streams__Cluster__Clustering"] = "postgres",
            ["Streams__Cluster__Address"] = "127.0.0.1",
            ["Streams__Cluster__Name"] = "silo-1",
            ["Streams__Store__Kind"] = "postgres",
            ["Streams__Store__ConnectionString"] = await _server.CreateDatabase(),
        };
        _system = await StreamsSystem.Start(kind, settings);
        foreach (string name in new[] { "silo-2", "silo-3" })
        {
            ChildProgram silo = _system.StartPeer(new Dictionary<string, string> { ["Streams__Cluster__Name"] = name, ["Streams__Data__Folder"] = Path.Combine(_folder, name) });
            _others[silo.Pid] = silo;
        }

        await Eventually.Get(() => _system.Get("/v1/nodes"), static nodes => nodes.GetProperty("silos").GetArrayLength() == 3, "three silos that report", Patience);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ChildProgram silo in _others.Values)
        {
            await silo.DisposeAsync();
        }

        if (_system is not null)
        {
            await _system.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Theory, OnBothServers]
    public async Task The_streams_of_a_silo_that_is_killed_run_on_the_others(MediaServerKind kind)
    {
        await Start(kind);
        ChildProgram victim = await PublishAndChoose();
        string[] its = [.. _ids.Where(id => SilosOf(id).Contains(victim.Pid))];
        await using WorkerWatch watch = new(_ids.Contains);
        victim.Signal(Processes.KillSignal);
        long killed = Stopwatch.GetTimestamp();
        await Eventually.True(() => its.All(id => !SilosOf(id).Contains(victim.Pid)), "its workers gone with it");
        await RunElsewhere(its, victim);
        TestContext.Current.SendDiagnosticMessage($"{its.Length} streams of a killed silo ran elsewhere after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s.");
        Assert.Empty(watch.Doubled);
        await OthersWereLeftAlone(its);
    }

    [Theory, OnBothServers]
    public async Task The_streams_of_a_silo_that_is_frozen_run_on_the_others_and_it_ends_its_own_when_it_thaws(MediaServerKind kind)
    {
        await Start(kind);
        ChildProgram victim = await PublishAndChoose();
        string[] its = [.. _ids.Where(id => SilosOf(id).Contains(victim.Pid))];
        victim.Signal(ChildProgram.Freeze);
        long frozen = Stopwatch.GetTimestamp();
        try
        {
            await RunElsewhere(its, victim);
            TestContext.Current.SendDiagnosticMessage($"{its.Length} streams of a frozen silo ran elsewhere after {Stopwatch.GetElapsedTime(frozen).TotalSeconds:0.0} s.");
            await OthersWereLeftAlone(its);
        }
        finally
        {
            victim.Signal(ChildProgram.Thaw);
        }

        Assert.Equal(1, await victim.WaitForEnd(TimeSpan.FromSeconds(20)));
        await Eventually.True(() => _ids.All(id => SilosOf(id).Count == 1 && !SilosOf(id).Contains(victim.Pid)), "one worker for each stream, and none of the silo that thawed");
    }

    [Theory, OnBothServers]
    public async Task No_worker_notices_that_the_database_is_away_for_ten_seconds(MediaServerKind kind)
    {
        await Start(kind);
        await PublishAndChoose();
        Dictionary<string, int> before = _ids.ToDictionary(static id => id, static id => StreamsSystem.WorkersOf(id).Single());
        _server.Freeze();
        try
        {
            // The outage itself is what is waited for.
            await Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }
        finally
        {
            _server.Thaw();
        }

        await _system.WaitForPhase(_ids[0], "Running");
        Assert.All(_ids, id => Assert.Equal([before[id]], StreamsSystem.WorkersOf(id)));
    }

    /// <summary>The way of a rolling update: each stream has its next worker before it loses the former one.</summary>
    [Theory, OnBothServers]
    public async Task The_streams_of_a_silo_that_is_told_to_end_move_to_the_others_first(MediaServerKind kind)
    {
        await Start(kind);
        ChildProgram victim = await PublishAndChoose();
        string[] its = [.. _ids.Where(id => SilosOf(id).Contains(victim.Pid))];
        await using WorkerWatch watch = new(its.Contains);
        victim.Signal(ChildProgram.Terminate);
        long told = Stopwatch.GetTimestamp();
        Assert.Equal(0, await victim.WaitForEnd(TimeSpan.FromSeconds(60)));
        TestContext.Current.SendDiagnosticMessage($"{its.Length} streams of a silo that ended had moved after {Stopwatch.GetElapsedTime(told).TotalSeconds:0.0} s.");
        await RunElsewhere(its, victim);
        Assert.Empty(watch.Missing);
        Assert.All(its, id => Assert.Single(SilosOf(id)));
        foreach (string id in its)
        {
            Assert.Equal(2, (await _system.Status(id))!.Value.GetProperty("generation").GetInt64());
        }

        await OthersWereLeftAlone(its);
    }

    /// <summary>Publishes all streams, and returns a silo other than the first, to which the hooks go, that has at least one worker.</summary>
    private async Task<ChildProgram> PublishAndChoose()
    {
        while (_ids.Count < Streams || (_ids.Count < MostStreams && !_ids.SelectMany(SilosOf).Any(_others.ContainsKey)))
        {
            string id = TestStream.NewId("cluster");
            _system.Publish(id);
            await _system.WaitForPhase(id, "Running", Patience);
            _ids.Add(id);
        }

        return _others[_ids.SelectMany(SilosOf).First(_others.ContainsKey)];
    }

    private async Task RunElsewhere(string[] ids, ChildProgram victim) => await Eventually.Get(
        async () => (await Task.WhenAll(ids.Select(async id => (Id: id, Status: await _system.Status(id), Silos: SilosOf(id))))).Where(stream =>
            stream.Status?.GetProperty("phase").GetString() != "Running" || !stream.Silos.Any(silo => silo != victim.Pid) || stream.Status.Value.GetProperty("output").ValueKind == System.Text.Json.JsonValueKind.Null).ToArray(),
        static left => left.Length == 0,
        "each of its streams running on another silo, with its output",
        Patience);

    private async Task OthersWereLeftAlone(string[] its)
    {
        foreach (string id in _ids.Except(its))
        {
            Assert.Equal(1, (await _system.Status(id))!.Value.GetProperty("generation").GetInt64());
        }
    }

    /// <summary>The silos whose living workers a stream has: a marker begins with the namespace, the silo's pid and its start.</summary>
    private static List<int> SilosOf(string id)
    {
        Dictionary<int, string> markers = [];
        Processes.WithVariable("STREAMS_RUN", value => value.Split('/') is [_, var stream, _] && stream == id, markers);
        return [.. markers.Where(static marked => Processes.GroupOf(marked.Key) == marked.Key && Processes.IsAlive(marked.Key)).Select(static marked => int.Parse(marked.Value.Split('.')[1], CultureInfo.InvariantCulture))];
    }
}
