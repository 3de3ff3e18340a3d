using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streams.Grains.MediaMtx;

namespace Streams.Grains.Continuity;

/// <summary>
/// Removes paths of single runs that a silo has left when it ended: those that nobody has published at two looks, between which every run would have begun to.
/// </summary>
internal sealed partial class SidePathSweep(KeptNodes nodes, TimeProvider time, ILogger<SidePathSweep> logger) : BackgroundService
{
    /// <summary>Longer than a run takes until it publishes, or is given up.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, HashSet<SidePath>> _idle = nodes.Sides.ToDictionary(static node => node.Key, static _ => new HashSet<SidePath>());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach ((string node, SidePaths sides) in nodes.Sides)
            {
                await Sweep(node, sides, stoppingToken);
            }
        }
    }

    private async Task Sweep(string node, SidePaths sides, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<SidePath> idle = await sides.ListIdle(cancellationToken);
            foreach (SidePath path in idle.Where(_idle[node].Contains))
            {
                await sides.Remove(path, cancellationToken);
                LogRemoved(path.Generation, path.StreamId, node);
            }

            _idle[node] = [.. idle];
        }
        catch (MediaMtxException)
        {
            // The watch reports it; the next round tries again.
        }
    }

    [LoggerMessage(3121, LogLevel.Information, "Removed the path of run {Generation} of {StreamId} at media server {Node}: the run is gone")]
    private partial void LogRemoved(long generation, StreamId streamId, string node);
}
