namespace Streams.Api.Cluster;

/// <summary>Tries to reach a silo for as long as the process lives: the API may be started before the silo.</summary>
internal sealed partial class KeepConnecting(TimeProvider time, ILogger<KeepConnecting> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        LogNoSilo(Pause.TotalSeconds, exception.Message);
        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }
}
