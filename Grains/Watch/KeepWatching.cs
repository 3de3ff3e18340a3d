using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Streams.Grains.Watch;

/// <summary>
/// Keeps the watch of MediaMTX active: every silo requests it repeatedly, so that it continues in another silo when its own has ended. It does
/// what a reminder would, sooner, and without a reminder table.
/// </summary>
internal sealed partial class KeepWatching(IGrainFactory grains, TimeProvider time, ILogger<KeepWatching> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        do
        {
            try
            {
                await grains.GetGrain<IMediaNodeGrain>(IMediaNodeGrain.DefaultName).Watch();
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotWatching(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(3101, LogLevel.Warning, "The watch of MediaMTX could not be started; trying again in 2 s")]
    private partial void LogNotWatching(Exception failure);
}
