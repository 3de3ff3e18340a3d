using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Streams.Silo.Storage;

/// <summary>The store can be written: a row of its own is, at most once a second, whoever asks how often.</summary>
internal sealed class StoreCheck(SqliteDatabase database, TimeProvider time) : IHealthCheck, IDisposable
{
    public const string Name = "store";

    private const string Key = "health/probe";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>A store that stalls is no store.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1, 1);
    private HealthCheckResult? _last;
    private long _lastAt;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!await _one.WaitAsync(Limit, cancellationToken))
        {
            return HealthCheckResult.Unhealthy($"The store has not been written for {Limit.TotalSeconds:0} s.");
        }

        try
        {
            if (_last is not { } last || time.GetElapsedTime(_lastAt) > Fresh)
            {
                _last = last = await Probe(cancellationToken);
                _lastAt = time.GetTimestamp();
            }

            return last;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<HealthCheckResult> Probe(CancellationToken cancellationToken)
    {
        try
        {
            long version = (await database.Read(Key).WaitAsync(Limit, time, cancellationToken))?.Version ?? 0;
            await database.Write(Key, version, "{}").WaitAsync(Limit, time, cancellationToken);
            return HealthCheckResult.Healthy("It is written.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"The store cannot be written: {failure.Message}");
        }
    }
}
