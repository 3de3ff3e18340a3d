using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Streams.Grains.MediaMtx;
using Streams.Grains.Store;

namespace Streams.Grains.Continuity;

/// <summary>
/// Removes kept outputs whose stream has been offline for <see cref="ContinuityOptions.KeepFor"/>, whoever added them and however long ago: it goes by what the
/// media server has and the store says, and so needs no memory. Every silo does so; what another one has removed is gone all the same.
/// </summary>
internal sealed partial class KeptOutputSweep(
    KeptNodes nodes, IStreamStore store, IOptions<ContinuityOptions> options, TimeProvider time, ILogger<KeptOutputSweep> logger) : BackgroundService
{
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Rounds between two listings while nothing is known to be kept: another silo, or one that has ended, may have left some.</summary>
    private const int IdleRounds = 6;

    private readonly Dictionary<string, KeepTimes> _times = nodes.All.ToDictionary(static node => node.Key, _ => new KeepTimes(time));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan wanted = options.Value.KeepFor / 4;
        using PeriodicTimer timer = new(wanted > LongestPeriod ? LongestPeriod : wanted < ShortestPeriod ? ShortestPeriod : wanted, time);
        int round = 0;
        do
        {
            foreach ((string node, KeptOutputs outputs) in nodes.All)
            {
                if (outputs.HasAny || round % IdleRounds == 0)
                {
                    await Sweep(node, outputs, stoppingToken);
                }
            }

            round++;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Sweep(string node, KeptOutputs outputs, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<StreamPath> kept = await outputs.List(cancellationToken);
            if (kept.Count == 0)
            {
                return;
            }

            HashSet<StreamId> needed = [.. (await store.ListActive(cancellationToken)).Where(stream => stream.Phase != StreamPhase.Offline && nodes.NameOf(stream.Node) == node).Select(static stream => stream.StreamId)];
            foreach (StreamPath path in _times[node].FindExpired(kept, needed, options.Value.KeepFor))
            {
                if (await outputs.RemoveIdle(path, cancellationToken))
                {
                    LogRemoved(path.StreamId);
                }
            }
        }
        catch (Exception away) when (away is MediaMtxException or StoreUnavailableException)
        {
            // The watches of both report it; the next round tries again.
        }
    }

    [LoggerMessage(3111, LogLevel.Information, "The output of {StreamId} is not kept any longer: its stream has been offline for as long as it is")]
    private partial void LogRemoved(StreamId streamId);
}
