using System.Diagnostics;
using System.Globalization;
using Streams.Api.Hosting;
using Streams.Api.Wire;

namespace Streams.Api.Problems;

/// <summary>Result that answers with a problem.</summary>
internal sealed class ProblemResult(Problem problem, TimeSpan? retryAfter = null) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "application/problem+json";

    public Problem Problem => problem;

    public int? StatusCode => problem.Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.StatusCode = problem.Status;

        // An unhandled exception has cleared what was set before.
        SecurityHeaders.Set(response);
        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        Problem traced = problem with { TraceId = TraceIdOf(httpContext) };
        return response.WriteAsJsonAsync(traced, ApiJson.Default.Problem, ContentType, httpContext.RequestAborted);
    }

    /// <summary>The trace that the request belongs to; the server's own name of the request when tracing is off.</summary>
    public static string TraceIdOf(HttpContext context) =>
        Activity.Current is { } activity ? activity.TraceId.ToHexString() : context.TraceIdentifier;
}
