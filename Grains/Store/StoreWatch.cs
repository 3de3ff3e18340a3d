using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streams.Grains.Telemetry;

namespace Streams.Grains.Store;

/// <summary>Checks the store every second, and keeps the result for readiness, page, API and metrics.</summary>
internal sealed partial class StoreWatch : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>A check that takes longer counts as failed.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly IStreamStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<StoreWatch> _logger;
    private volatile StoreReport _report;
    private long _answeredAt;

    public StoreWatch(IStreamStore store, IMeterFactory meters, TimeProvider time, ILogger<StoreWatch> logger)
    {
        (_store, _time, _logger) = (store, time, logger);
        _answeredAt = time.GetTimestamp();
        _report = new StoreReport { Store = store.Name, Since = time.GetUtcNow() };
        StreamsMeter.Of(meters).CreateObservableGauge(
            "streams.store.usable", () => _report.Problem is null ? 1 : 0, null, "1 while the store can be read and written, else 0.");
    }

    /// <summary>The result of the latest check.</summary>
    public StoreReport Report => _report;

    /// <summary>How long ago the store was last usable.</summary>
    public TimeSpan SinceAnswer => _time.GetElapsedTime(Volatile.Read(ref _answeredAt));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, _time);
        do
        {
            Record(await FindProblem(stoppingToken));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<string?> FindProblem(CancellationToken stoppingToken)
    {
        try
        {
            await _store.Check(stoppingToken).WaitAsync(Timeout, _time, stoppingToken);
            Volatile.Write(ref _answeredAt, _time.GetTimestamp());
            return null;
        }
        catch (TimeoutException)
        {
            return $"The store ({_store.Name}) has not answered for {Timeout.TotalSeconds:0} s.";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return failure.Message;
        }
    }

    private void Record(string? problem)
    {
        if (problem == _report.Problem)
        {
            return;
        }

        if (problem is null)
        {
            LogUsable();
        }
        else
        {
            LogUnusable(problem);
        }

        _report = _report with { Problem = problem, Since = (problem is null) == (_report.Problem is null) ? _report.Since : _time.GetUtcNow() };
    }

    [LoggerMessage(5003, LogLevel.Error, "{Problem} Nothing is acknowledged until the store can be used again; running workers continue")]
    private partial void LogUnusable(string problem);

    [LoggerMessage(5004, LogLevel.Information, "The store can be used again")]
    private partial void LogUsable();
}
