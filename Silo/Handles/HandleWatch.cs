namespace Streams.Silo.Handles;

/// <summary>Releases the handle reserve when handles run short, acquires it again when there are enough, and logs both.</summary>
internal sealed partial class HandleWatch(TimeProvider time, ILogger<HandleWatch> logger) : BackgroundService
{
    private const int Few = 8;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        bool isLogged = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (FileHandles.CountFree(Few) < Few)
            {
                HandleReserve.Release();
            }
            else if (HandleReserve.IsReleased && FileHandles.CountFree(HandleReserve.Size * 2) == HandleReserve.Size * 2)
            {
                HandleReserve.Acquire();
            }

            if (HandleReserve.IsReleased != isLogged)
            {
                isLogged = !isLogged;
                if (isLogged)
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

    [LoggerMessage(2401, LogLevel.Error, "File handles are short: this process may open {Limit}. New workers wait; running workers, the API and the store continue. Raise the limit (prlimit --nofile, ulimit -n, LimitNOFILE), or run fewer workers")]
    private partial void LogShort(long limit);

    [LoggerMessage(2402, LogLevel.Information, "There are enough file handles again: this process may open {Limit}")]
    private partial void LogEnough(long limit);
}
