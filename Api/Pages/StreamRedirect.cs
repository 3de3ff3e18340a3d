namespace Streams.Api.Pages;

/// <summary>Redirects a browser to a stream's page after a form (303: it requests it by GET).</summary>
internal sealed class StreamRedirect(string id) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = httpContext.Request.PathBase + ("/streams/" + id);
        return Task.CompletedTask;
    }
}
