using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Streams.Grains.Store;

/// <summary>Removes the streams that have been offline longest, so that the store does not grow without bound.</summary>
internal sealed partial class StreamForgetting(IStreamStore store, IOptions<KnownStreamsOptions> options, TimeProvider time, ILogger<StreamForgetting> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // In small batches, so that saves of live streams run in between.
                while (await store.Forget(options.Value.MaxOffline, stoppingToken) > 0)
                {
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogNotForgotten(failure.Message);
            }
        }
    }

    [LoggerMessage(5001, LogLevel.Warning, "Old offline streams could not be removed; trying again. {Reason}")]
    private partial void LogNotForgotten(string reason);
}
