namespace Streams.Api.Cluster;

internal sealed partial class KeepConnecting
{
    [LoggerMessage(1101, LogLevel.Warning, "No silo reached; trying again in {PauseSeconds} s. Requests are answered with 503 meanwhile. {Reason}")]
    private partial void LogNoSilo(double pauseSeconds, string reason);
}
