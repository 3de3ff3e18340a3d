using System.Diagnostics;
using Streams.Testing;
using Streams.Testing.Cluster;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>The network of one silo is cut: whether it may go on depends on whom it still reaches.</summary>
public sealed class IsolationTests
{
    private const int Streams = 4;
    private const int MostStreams = 12;

    /// <summary>4 s without an answer, looked for twice a second, and the end of a process.</summary>
    private static readonly TimeSpan WorkersEndWithin = TimeSpan.FromSeconds(5.5);

    private static readonly TimeSpan ElsewhereWithin = TimeSpan.FromSeconds(12);

    [Theory, OnBothServers]
    public async Task A_silo_that_is_cut_off_ends_its_workers_and_its_streams_run_once_elsewhere(MediaServerKind kind)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using MachinePace pace = MachinePace.Watch();
        await using ClusterSystem system = await ClusterSystem.Start(new ClusterOptions { Kind = kind, Nodes = ["a"] });
        await using ClusterPublishers publishers = new(system);
        (ClusterSilo victim, IReadOnlyList<SeenWorker> before, string[] ids) = await PublishAndChoose(system, publishers);
        int pid = victim.Pid;
        SeenWorker[] its = [.. before.Where(worker => worker.Marker.SiloPid == pid)];

        system.Isolate(victim);
        long cut = Stopwatch.GetTimestamp();
        await Eventually.True(() => !its.Any(static worker => Processes.IsAlive(worker.Pid)), "the workers of the silo that is cut off gone");
        TimeSpan ended = Stopwatch.GetElapsedTime(cut);

        // It was the silo itself: soon after, the others remove whoever publishes at the media server, and that ends workers too.
        await Eventually.True(() => victim.Program.Lines.Any(static line => line.Contains("\"LogId\":2402", StringComparison.Ordinal)), "the silo's own end of its workers, message 2402", TimeSpan.FromSeconds(1));
        await RunElsewhere(system, its, pid);
        TimeSpan elsewhere = Stopwatch.GetElapsedTime(cut);
        TestContext.Current.SendDiagnosticMessage($"Its {its.Length} workers had ended after {ended.TotalSeconds:0.0} s, and ran elsewhere after {elsewhere.TotalSeconds:0.0} s.");
        double slower = Math.Min(pace.Factor, 2);
        Assert.InRange(ended, TimeSpan.FromSeconds(3.5), WorkersEndWithin * slower);
        Assert.InRange(elsewhere, TimeSpan.Zero, ElsewhereWithin * slower);
        Assert.Equal(before.Except(its).Select(static worker => worker.Pid).Order(), ids.SelectMany(WorkerLooks.Of).Where(worker => before.Contains(worker)).Select(static worker => worker.Pid).Order());

        system.Network.MendAll();
        await Eventually.True(() => victim.Pid != pid, "the silo that was declared dead has ended and is started again", TimeSpan.FromSeconds(30));
        Assert.Contains(victim.Ends, static end => end.ExitCode == 1 && end.Lines.Any(static line => line.Contains("\"LogId\":5010", StringComparison.Ordinal)));
        await system.WaitForSilos();
        Assert.All(ids, static id => Assert.Single(WorkerLooks.Of(id)));
    }

    [Theory, OnBothServers]
    public async Task A_silo_that_lost_only_the_database_keeps_its_workers(MediaServerKind kind)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using ClusterSystem system = await ClusterSystem.Start(new ClusterOptions { Kind = kind, Nodes = ["a"] });
        await using ClusterPublishers publishers = new(system);
        (ClusterSilo victim, IReadOnlyList<SeenWorker> before, string[] ids) = await PublishAndChoose(system, publishers);
        int pid = victim.Pid;
        system.Network.Cut(victim.Name, ClusterSystem.Store);

        // Longer than the fence waits, and than the others need to declare a silo dead: the time itself is what is waited for.
        await Task.Delay(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken);
        Assert.Equal(before.Select(static worker => worker.Pid).Order(), ids.SelectMany(WorkerLooks.Of).Select(static worker => worker.Pid).Order());
        system.Network.MendAll();
        await system.WaitForSilos();
        Assert.Equal(pid, victim.Pid);
        Assert.Equal(before.Select(static worker => worker.Pid).Order(), ids.SelectMany(WorkerLooks.Of).Select(static worker => worker.Pid).Order());
    }

    private static async Task<(ClusterSilo Victim, IReadOnlyList<SeenWorker> Workers, string[] Ids)> PublishAndChoose(ClusterSystem system, ClusterPublishers publishers)
    {
        // Each silo gets some of them, but which is not for a test to say.
        List<string> ids = [];
        while (ids.Count < Streams || (ids.Count < MostStreams && ids.SelectMany(WorkerLooks.Of).Select(static worker => worker.Marker.SiloPid).Distinct().Count() < 2))
        {
            string id = TestStream.NewId("cut");
            await publishers.Start(id, system.Nodes[0]);
            await publishers.WaitForOutput(id, TimeSpan.FromSeconds(45));
            ids.Add(id);
        }

        SeenWorker[] workers = [.. ids.SelectMany(WorkerLooks.Of)];
        Assert.Equal(ids.Count, workers.Length);
        return (system.SiloOf(workers[0].Marker)!, workers, [.. ids]);
    }

    private static async Task RunElsewhere(ClusterSystem system, SeenWorker[] its, int formerSilo) => await Eventually.Get(
        async () => (await Task.WhenAll(its.Select(async worker => (worker.Marker.StreamId, Output: await ClusterPublishers.HasOutput(system, worker.Marker.StreamId))))).Where(stream =>
            !stream.Output || !WorkerLooks.Of(stream.StreamId).Any(worker => worker.Marker.SiloPid != formerSilo)).ToArray(),
        static left => left.Length == 0,
        "each of its streams running on another silo, with its output",
        TimeSpan.FromSeconds(60));
}
