using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streams.Grains.MediaMtx;

namespace Streams.Grains.Watch;

/// <summary>
/// Keeps the watch of each media server active: every silo requests it repeatedly, so that it continues in another silo when its own has ended. It does
/// what a reminder would, sooner, and without a reminder table.
/// </summary>
internal sealed partial class KeepWatching(IGrainFactory grains, MediaNodes nodes, TimeProvider time, ILogger<KeepWatching> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>Each by itself: a watch that does not answer must not delay another.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(nodes.All.Select(node => Keep(node.Name, stoppingToken)));

    private async Task Keep(string node, CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        do
        {
            try
            {
                await grains.GetGrain<IMediaNodeGrain>(node).Watch().WaitAsync(stoppingToken);
            }
            catch (Exception failure)
            {
                if (stoppingToken.IsCancellationRequested)
                {
                    return; // The watch's silo may end at the same time, and the call with it: no failure of this service.
                }

                LogNotWatching(failure, node);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(3101, LogLevel.Warning, "The watch of media server {Node} could not be started; trying again in 2 s")]
    private partial void LogNotWatching(Exception failure, string node);
}
