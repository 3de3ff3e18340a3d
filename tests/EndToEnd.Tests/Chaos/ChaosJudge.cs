using Streams.Testing.Cluster;

namespace Streams.EndToEnd.Tests;

/// <summary>What must not be, and was seen.</summary>
/// <param name="At">When.</param>
/// <param name="Stream">Of which stream.</param>
/// <param name="What">What.</param>
internal sealed record Violation(TimeSpan At, string Stream, string What);

/// <summary>A time in which a stream, or all that a silo runs, may have two generations at once.</summary>
/// <param name="Stream">The stream; null for all with a worker on the silo.</param>
/// <param name="SiloPid">The silo's process; null for a stream.</param>
/// <param name="From">From when.</param>
/// <param name="Why">Why.</param>
internal sealed record Excuse(string? Stream, int? SiloPid, TimeSpan From, string Why)
{
    /// <summary>Until when.</summary>
    public TimeSpan To { get; set; } = TimeSpan.MaxValue;
}

/// <summary>
/// Judges looks at a cluster's workers and outputs: no two workers of one generation, none of an earlier generation that starts, two generations only when that is excused and not for long, and
/// no output that goes back to an earlier generation. Pure, but for what it has seen.
/// </summary>
/// <param name="longest">The longest time for which two generations may overlap.</param>
internal sealed class ChaosJudge(TimeSpan longest)
{
    /// <summary>What is done to a part and what is seen of it are not of one moment.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>From when a silo stops answering until it has ended for that.</summary>
    private static readonly TimeSpan DeathTakes = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly List<Excuse> _excuses = [];
    private readonly List<Violation> _violations = [];
    private readonly Dictionary<(int Older, int Newer), Overlap> _overlaps = [];
    private readonly Dictionary<int, SeenWorker> _seen = [];
    private readonly Dictionary<string, SeenWorker> _newest = [];
    private readonly Dictionary<(string Node, int Life, string Stream), long> _outputs = [];

    /// <summary>Whether streams have standbys: a second worker of another generation is as it should be.</summary>
    public bool HasStandbys { get; init; }

    /// <summary>How many looks at the workers.</summary>
    public int Looks { get; private set; }

    /// <summary>How many overlaps were seen, all of them together.</summary>
    public int Overlaps => _overlaps.Count;

    /// <summary>How many silos ended since the others had declared them dead, although no fault of theirs was made.</summary>
    public int FalseDeaths { get; private set; }

    /// <summary>Excuses an overlap; <see cref="Excuse.To"/> is set when it is over.</summary>
    public Excuse Allow(Excuse excuse)
    {
        lock (_lock)
        {
            _excuses.Add(excuse);
            return excuse;
        }
    }

    /// <summary>Records all workers that live at one time.</summary>
    public void See(TimeSpan at, IReadOnlyList<SeenWorker> workers)
    {
        lock (_lock)
        {
            Looks++;
            foreach (SeenWorker worker in workers.Where(worker => !_seen.TryGetValue(worker.Pid, out SeenWorker? known) || known != worker))
            {
                _seen[worker.Pid] = worker;
                SeenWorker newest = _newest.GetValueOrDefault(worker.Marker.StreamId, worker);
                if (worker.Marker.Generation < newest.Marker.Generation && !IsExcused(at, worker, newest))
                {
                    Add(at, worker, $"a worker of generation {worker.Marker.Generation} (pid {worker.Pid}, silo {worker.Marker.SiloPid}) started after one of generation {newest.Marker.Generation}");
                }

                if (worker.Marker.Generation >= newest.Marker.Generation)
                {
                    _newest[worker.Marker.StreamId] = worker;
                }
            }

            foreach (IGrouping<string, SeenWorker> stream in workers.GroupBy(static worker => worker.Marker.StreamId).Where(static stream => stream.Count() > 1))
            {
                SeenWorker[] ordered = [.. stream.OrderBy(static worker => worker.Marker.Generation)];
                for (int i = 1; i < ordered.Length; i++)
                {
                    SeeTwo(at, ordered[i - 1], ordered[i]);
                }
            }
        }
    }

    /// <summary>Records which generation publishes a stream's output.</summary>
    /// <param name="at">When.</param>
    /// <param name="node">The media server.</param>
    /// <param name="life">Which of its lives.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="generation">The generation of the worker that publishes.</param>
    public void SeeOutput(TimeSpan at, string node, int life, string stream, long generation)
    {
        lock (_lock)
        {
            long former = _outputs.GetValueOrDefault((node, life, stream));
            if (generation < former)
            {
                _violations.Add(new Violation(at, stream, $"the output at media server {node} is of generation {generation}, after {former}"));
            }

            _outputs[(node, life, stream)] = Math.Max(generation, former);
        }
    }

    /// <summary>Records what is wrong by another check.</summary>
    public void Add(Violation violation)
    {
        lock (_lock)
        {
            _violations.Add(violation);
        }
    }

    /// <summary>
    /// Excuses overlaps on silos that the others declared dead, as a machine that is overloaded makes them do: to the others such a silo was frozen. They are counted.
    /// </summary>
    public void ExcuseFalseDeaths(ClusterSystem system, ChaosTimeline timeline)
    {
        foreach (SiloEnd end in system.Silos.SelectMany(static silo => silo.Ends).Where(static end => end.ExitCode == 1 && end.Lines.Any(static line => line.Contains("\"LogId\":5010", StringComparison.Ordinal))))
        {
            TimeSpan at = timeline.At(end.At);
            FalseDeaths += _excuses.Any(excuse => excuse.SiloPid == end.Pid && excuse.From <= at && at - DeathTakes <= excuse.To) ? 0 : 1;
            Allow(new Excuse(null, end.Pid, at - DeathTakes, "declared dead") { To = at });
        }
    }

    /// <summary>All that was wrong.</summary>
    public IReadOnlyList<Violation> Finish()
    {
        lock (_lock)
        {
            return [.. _violations.Concat(_overlaps.Values.Select(Judge).OfType<Violation>()).OrderBy(static violation => violation.At)];
        }
    }

    private void SeeTwo(TimeSpan at, SeenWorker older, SeenWorker newer)
    {
        if (_overlaps.TryGetValue((older.Pid, newer.Pid), out Overlap? known) && known.Older == older && known.Newer == newer)
        {
            known.Last = at;
            return;
        }

        _overlaps[(older.Pid, newer.Pid)] = new Overlap(older, newer, at) { Last = at };
        if (older.Marker.Generation == newer.Marker.Generation)
        {
            Add(at, older, $"two workers of generation {older.Marker.Generation}: pids {older.Pid} (silo {older.Marker.SiloPid}) and {newer.Pid} (silo {newer.Marker.SiloPid})");
        }
    }

    private Violation? Judge(Overlap overlap)
    {
        TimeSpan lasted = overlap.Last - overlap.From;
        bool isExcused = IsExcused(overlap.From, overlap.Older, overlap.Newer);
        if (HasStandbys || overlap.Older.Marker.Generation == overlap.Newer.Marker.Generation || (isExcused && lasted <= longest))
        {
            return null;
        }

        string why = isExcused ? $"longer than {ChaosTimeline.Seconds(longest)} s" : "neither planned nor on a silo that is frozen or cut off";
        return new Violation(overlap.From, overlap.Older.Marker.StreamId,
            $"generations {overlap.Older.Marker.Generation} (pid {overlap.Older.Pid}, silo {overlap.Older.Marker.SiloPid}) and {overlap.Newer.Marker.Generation} "
            + $"(pid {overlap.Newer.Pid}, silo {overlap.Newer.Marker.SiloPid}) at once for {ChaosTimeline.Seconds(lasted)} s, {why}");
    }

    private bool IsExcused(TimeSpan at, SeenWorker one, SeenWorker other) => HasStandbys || _excuses.Any(excuse =>
        (excuse.Stream == one.Marker.StreamId || (excuse.SiloPid is { } silo && (silo == one.Marker.SiloPid || silo == other.Marker.SiloPid)))
        && excuse.From - Slack <= at && (excuse.To == TimeSpan.MaxValue || at <= excuse.To + Slack));

    private void Add(TimeSpan at, SeenWorker worker, string what) => _violations.Add(new Violation(at, worker.Marker.StreamId, what));

    private sealed record Overlap(SeenWorker Older, SeenWorker Newer, TimeSpan From)
    {
        public TimeSpan Last { get; set; }
    }
}
