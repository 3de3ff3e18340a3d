namespace Streams.Api.Problems;

internal sealed partial class ProblemPages
{
    [LoggerMessage(1301, LogLevel.Error, "{Method} {RequestPath} failed. TraceId {TraceId}")]
    private partial void LogFault(Exception exception, string method, string requestPath, string traceId);
}
