namespace Streams.Api.Pages;

/// <summary>Sends a browser to a stream's page after a form (303: it asks for it by GET).</summary>
internal sealed class SeeStream(string id) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = httpContext.Request.PathBase + ("/streams/" + id);
        return Task.CompletedTask;
    }
}
