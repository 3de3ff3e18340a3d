using Streams.Api.Access;
using Streams.Api.Problems;

namespace Streams.Api.Streams;

/// <summary>Logs every command: who sent it, and its result.</summary>
internal static partial class CommandLog
{
    public static async ValueTask<object?> Write(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        object? answer = await next(context);
        if (StreamId.TryParse((string?)http.GetRouteValue("id"), out StreamId streamId))
        {
            string command = http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "";
            int status = (answer as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
            ILogger logger = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(CommandLog));
            LogCommand(logger, command, streamId, AccessIdentity.NameOf(http.User), status, ProblemResult.TraceIdOf(http));
        }

        return answer;
    }

    [LoggerMessage(1721, LogLevel.Information, "{Command} of stream {StreamId} by {Caller}: {Status}. Trace {TraceId}")]
    private static partial void LogCommand(ILogger logger, string command, StreamId streamId, string caller, int status, string traceId);
}
