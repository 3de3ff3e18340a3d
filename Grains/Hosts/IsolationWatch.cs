using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Streams.Grains.Store;
using Streams.Grains.Workers;

namespace Streams.Grains.Hosts;

/// <summary>
/// The fence of a silo that is cut off: one that has reached neither the store (with it the cluster's membership) nor any other silo for
/// <see cref="Limit"/> ends its workers, since the others are about to declare it dead and to run its streams. A silo that only lost the store goes
/// on, and so does one that is alone. It measures with the monotonic clock, and after a freeze it ends them before anything else.
/// </summary>
internal sealed partial class IsolationWatch(
    StoreWatch store, ISiloStatusOracle statuses, ILocalSiloDetails silo, WorkerHostClient client, IWorkerHost workers, TimeProvider time, ILogger<IsolationWatch> logger) : BackgroundService
{
    /// <summary>Shorter than the others need to declare a silo dead, which is 6 s.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private long _answeredAt = time.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool isCutOff = false;
        using PeriodicTimer timer = new(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            SiloAddress[] others = [.. statuses.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(address => !address.Equals(silo.SiloAddress))];
            bool now = others.Length > 0 && time.GetElapsedTime(Volatile.Read(ref _answeredAt)) > Limit && store.SinceAnswer > Limit;
            foreach (SiloAddress other in others)
            {
                Ask(other).Ignore();
            }

            if (now == isCutOff)
            {
                continue;
            }

            isCutOff = now;
            workers.SetCutOff(isCutOff);
            if (isCutOff)
            {
                LogCutOff(Limit.TotalSeconds);
            }
            else
            {
                LogBack();
            }
        }
    }

    private async Task Ask(SiloAddress other)
    {
        await client.Of(other).Ping();
        Volatile.Write(ref _answeredAt, time.GetTimestamp());
    }

    [LoggerMessage(2402, LogLevel.Critical, "This silo has reached neither the store nor another silo for {Seconds} s: its workers end, since other silos may run their streams by now")]
    private partial void LogCutOff(double seconds);

    [LoggerMessage(2403, LogLevel.Information, "This silo reaches the store or another silo again")]
    private partial void LogBack();
}
