using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Streams.Grains.Store;

/// <summary>Forgets the streams that were offline for longest, so that the store does not grow for ever.</summary>
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
                // A part at a time: saves of live streams come in between.
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

    [LoggerMessage(5001, LogLevel.Warning, "Old streams could not be forgotten; it is tried again. {Reason}")]
    private partial void LogNotForgotten(string reason);
}
