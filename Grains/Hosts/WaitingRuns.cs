using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streams.Grains.Workers;

namespace Streams.Grains.Hosts;

/// <summary>
/// Has runs that wait for a slot of this silo placed anew as soon as another silo has room: when they were placed none had, or nobody knew.
/// </summary>
internal sealed partial class WaitingRuns(IWorkerHost workers, WorkerHosts hosts, IGrainFactory grains, TimeProvider time, ILogger<WaitingRuns> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>How many are asked at a time: what they take elsewhere is known by the next look.</summary>
    private const int MostAtOnce = 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (hosts.AreSeveral && workers.ListWaiting() is { Count: > 0 } waiting)
            {
                await Task.WhenAll(waiting.Take(MostAtOnce).Select(run => Move(run.StreamId, run.Generation, stoppingToken)));
            }
        }
    }

    private async Task Move(StreamId id, long generation, CancellationToken stoppingToken)
    {
        try
        {
            await grains.GetGrain<IWorkerEvents>(id.Value).Move(generation, waits: true).WaitAsync(Period, time, stoppingToken);
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            LogNotAsked(failure, id);
        }
    }

    [LoggerMessage(2421, LogLevel.Debug, "Stream {StreamId}, which waits for a slot, could not be placed anew; it is tried again in a second")]
    private partial void LogNotAsked(Exception failure, StreamId streamId);
}
