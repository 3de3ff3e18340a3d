using System.Globalization;
using Streams.Testing.Cluster;

namespace Streams.Benchmarks.Systems;

/// <summary>Three silos, PostgreSQL, a media server and streams with workers of real ffmpeg; takes one silo away in several ways, and times how soon its streams have an output again.</summary>
internal sealed class ClusterTrial(ClusterSystem system, ClusterPublishers publishers, int streams) : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);

    /// <summary>Far above what Orleans' own settings need.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2.5);

    /// <summary>An outage that no silo may notice.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);

    private readonly Lazy<Task> _disposing = new(async () =>
    {
        await publishers.DisposeAsync();
        await system.DisposeAsync();
    });

    private readonly OutputSources _outputs = new(system);
    private readonly string[] _ids = [.. Enumerable.Range(0, streams).Select(static number => $"cluster-{number.ToString("00", CultureInfo.InvariantCulture)}")];

    /// <summary>Starts the cluster with its publishers.</summary>
    public static async Task<ClusterTrial> Start(Bench bench, int streams, bool hasOrleansMembership)
    {
        ClusterSystem system = await ClusterSystem.Start(new ClusterOptions { Kind = Bench.MediaServer, Nodes = ["a"], HasOrleansMembership = hasOrleansMembership });
        ClusterPublishers publishers = new(system);
        ClusterTrial trial = await bench.Keep(new ClusterTrial(system, publishers, streams));
        foreach (string id in trial._ids)
        {
            await publishers.Start(id, system.Nodes[0]);
        }

        await trial.WaitForAll();
        return trial;
    }

    /// <summary>Kills the silo with the most workers.</summary>
    public Task<Trial> Kill() => Run(static victim => victim.Signal(Processes.KillSignal), static _ => { });

    /// <summary>Freezes it, until its streams run elsewhere.</summary>
    public Task<Trial> Freeze() => Run(static victim => victim.Signal(ChildProgram.Freeze), static victim => victim.Signal(ChildProgram.Thaw));

    /// <summary>Cuts it off from the database and from the other silos, until its streams run elsewhere.</summary>
    public Task<Trial> Cut() => Run(system.Isolate, _ => system.Network.MendAll());

    /// <summary>Tells it to end, as before an update.</summary>
    public Task<Trial> Drain() => Run(static victim => victim.Signal(ChildProgram.Terminate), static _ => { });

    /// <summary>Freezes the database for a while, and kills a silo meanwhile.</summary>
    /// <returns>The workers that the outage ended before the silo was killed, and how long after the outage its streams had an output again.</returns>
    public async Task<(int Ended, Trial Recovery)> FreezeStore()
    {
        HashSet<int> before = [.. Workers().Select(static worker => worker.Pid)];
        int ended = 0;
        system.Database.Freeze();
        try
        {
            await Task.Delay(Outage);
            ended = before.Except(Workers().Select(static worker => worker.Pid)).Count();
            (ClusterSilo victim, string[] its, IReadOnlyDictionary<string, string> sources) = await Choose();
            victim.Signal(Processes.KillSignal);
            await Eventually.True(() => !Workers().Any(worker => its.Contains(worker.Marker.StreamId)), "the workers of the killed silo gone");
            await Task.Delay(Outage / 2);
            system.Database.Thaw();
            Trial recovery = await Measure(its, sources);
            await WaitForAll();
            return (ended, recovery);
        }
        finally
        {
            system.Database.Thaw();
        }
    }

    public ValueTask DisposeAsync() => new(_disposing.Value);

    private async Task<Trial> Run(Action<ClusterSilo> take, Action<ClusterSilo> giveBack)
    {
        (ClusterSilo victim, string[] its, IReadOnlyDictionary<string, string> sources) = await Choose();
        int pid = victim.Pid;
        take(victim);
        Trial trial;
        try
        {
            trial = await Measure(its, sources);
        }
        finally
        {
            giveBack(victim);
        }

        await Eventually.True(() => victim.Pid != pid, $"{victim.Name} has ended and is started again", LongestStart);
        await WaitForAll();
        return trial;
    }

    private async Task<Trial> Measure(string[] its, IReadOnlyDictionary<string, string> sources)
    {
        IReadOnlyDictionary<string, (TimeSpan Took, TimeSpan Without)> changed = await _outputs.WaitForOthers(its, sources, Longest);
        return new Trial([.. changed.Values.Select(static one => one.Took)], [.. changed.Values.Select(static one => one.Without)]);
    }

    private async Task<(ClusterSilo Victim, string[] Its, IReadOnlyDictionary<string, string> Sources)> Choose()
    {
        IGrouping<int, SeenWorker> most = Workers().GroupBy(static worker => worker.Marker.SiloPid).OrderByDescending(static silo => silo.Count()).First();
        return (system.Silos.First(silo => silo.Pid == most.Key), [.. most.Select(static worker => worker.Marker.StreamId)], await _outputs.Read());
    }

    private IReadOnlyList<SeenWorker> Workers() => new WorkerLooks(_ids.Contains).Look();

    private async Task WaitForAll()
    {
        await system.WaitForSilos(LongestStart);
        await Eventually.Get(_outputs.Read, outputs => outputs.Count == _ids.Length, $"{_ids.Length} outputs", LongestStart);
        await Eventually.True(() => Workers().Count == _ids.Length, $"{_ids.Length} workers", LongestStart);
        foreach (string id in _ids)
        {
            await publishers.WaitForOutput(id, LongestStart);
        }
    }
}

/// <summary>One trial.</summary>
/// <param name="Took">For each stream, how long until it had an output from another worker.</param>
/// <param name="Without">For each stream, for how long of that it had none at all.</param>
internal sealed record Trial(IReadOnlyList<TimeSpan> Took, IReadOnlyList<TimeSpan> Without);
