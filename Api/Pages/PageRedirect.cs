namespace Streams.Api.Pages;

/// <summary>Redirects a browser to a page after a form (303: it requests it by GET).</summary>
/// <param name="path">The page, from <c>/</c> on.</param>
internal sealed class PageRedirect(string path) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = httpContext.Request.PathBase + path;
        return Task.CompletedTask;
    }
}
