using Microsoft.AspNetCore.Diagnostics;
using Streams.Api.Logging;

namespace Streams.Api.Problems;

/// <summary>Exception handler and status code pages: every error without a body of its own becomes problem details.</summary>
internal sealed partial class ProblemPages(ILogger<ProblemPages> logger) : IExceptionHandler
{
    public static void Use(WebApplication app)
    {
        app.UseExceptionHandler(static _ => { });
        app.UseStatusCodePages(static pages => ApiProblems.OfStatus(pages.HttpContext.Response.StatusCode).ExecuteAsync(pages.HttpContext));
    }

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        int status = exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
        if (status >= StatusCodes.Status500InternalServerError)
        {
            LogFault(exception, httpContext.Request.Method, LogText.Of(httpContext.Request.Path.Value), ProblemResult.TraceIdOf(httpContext));
        }

        await (status == StatusCodes.Status500InternalServerError ? ApiProblems.OfFault(exception) : ApiProblems.OfStatus(status)).ExecuteAsync(httpContext);
        return true;
    }
}
