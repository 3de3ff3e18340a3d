using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Streams.Grains.Watch;

/// <summary>
/// Every silo asks for the watch again and again: whichever silo ended, the watch goes on in another. It does what a reminder
/// would, sooner, and without a reminder table.
/// </summary>
internal sealed partial class MediaWatch(IGrainFactory grains, TimeProvider time, ILogger<MediaWatch> logger) : BackgroundService
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

    [LoggerMessage(3101, LogLevel.Warning, "The watch of MediaMTX could not be asked for; again in 2 s")]
    private partial void LogNotWatching(Exception failure);
}
