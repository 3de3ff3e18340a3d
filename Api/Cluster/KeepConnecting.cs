namespace Streams.Api.Cluster;

/// <summary>Retries the connection to a silo for as long as the process lives: the API may be started before the silo.</summary>
internal sealed partial class KeepConnecting(TimeProvider time, ILogger<KeepConnecting> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        LogNoSilo(RetryDelay.TotalSeconds, exception.Message);
        await Task.Delay(RetryDelay, time, cancellationToken);
        return true;
    }
}
