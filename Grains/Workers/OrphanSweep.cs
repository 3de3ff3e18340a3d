using Microsoft.Extensions.Logging;
using Streams.Grains.Os;

namespace Streams.Grains.Workers;

/// <summary>
/// The second line behind the death signal: before a silo starts workers, it ends those whose silo is gone. It goes by pid,
/// start time and run marker, never by name.
/// </summary>
internal sealed partial class OrphanSweep(TimeProvider time, ILogger<OrphanSweep> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Kills every orphan, and returns when none runs.</summary>
    /// <exception cref="InvalidOperationException">One cannot be ended: a new worker beside it would double its stream.</exception>
    public async Task Run(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (FindOrphans() is { Count: > 0 } orphans)
        {
            if (time.GetElapsedTime(start) > Limit)
            {
                throw new InvalidOperationException(
                    $"Workers of a silo that has ended still run and cannot be killed: pid {string.Join(", ", orphans.Select(static orphan => orphan.Process.Pid))}. End them, then start again.");
            }

            foreach ((ProcessEntry process, string marker) in orphans)
            {
                // The pid could have become another's since it was read; its start time tells.
                if (process.IsSameAs(ProcessTable.Read(process.Pid)))
                {
                    LogOrphan(process.Pid, marker);
                    Signals.SendToProcess(process.Pid, Signals.Kill);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
        }
    }

    private static List<(ProcessEntry Process, string Marker)> FindOrphans()
    {
        List<(ProcessEntry, string)> orphans = [];
        foreach (int pid in ProcessTable.Pids())
        {
            if (ProcessTable.EnvironmentOf(pid, RunMarker.Variable) is { } marker
                && RunMarker.IsOrphan(marker)
                && ProcessTable.Read(pid) is { IsRunning: true } process)
            {
                orphans.Add((process, marker));
            }
        }

        return orphans;
    }

    [LoggerMessage(2301, LogLevel.Warning, "Worker {WorkerPid} of run {Marker} has outlived its silo; it is killed")]
    private partial void LogOrphan(int workerPid, string marker);
}
