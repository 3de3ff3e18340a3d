namespace Streams.Silo.Handles;

/// <summary>Gives the reserve up when handles run short, takes it back when there are enough again, and says both.</summary>
internal sealed partial class HandleWatch(TimeProvider time, ILogger<HandleWatch> logger) : BackgroundService
{
    private const int Few = 8;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        bool isTold = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (FileHandles.CountFree(Few) < Few)
            {
                HandleReserve.GiveUp();
            }
            else if (HandleReserve.IsGivenUp && FileHandles.CountFree(HandleReserve.Size * 2) == HandleReserve.Size * 2)
            {
                HandleReserve.Acquire();
            }

            if (HandleReserve.IsGivenUp != isTold)
            {
                isTold = !isTold;
                if (isTold)
                {
                    LogShort(FileHandles.Limit);
                }
                else
                {
                    LogEnough(FileHandles.Limit);
                }
            }
        }
    }

    [LoggerMessage(2401, LogLevel.Error, "File handles are short: this process may open {Limit}. New workers wait; what lives goes on. Raise the limit (prlimit --nofile, ulimit -n, LimitNOFILE), or run fewer workers")]
    private partial void LogShort(long limit);

    [LoggerMessage(2402, LogLevel.Information, "There are enough file handles again: this process may open {Limit}")]
    private partial void LogEnough(long limit);
}
