namespace Streams.Api;

/// <summary>
/// Refuses commands that a page of another site sends through an operator's browser. Browsers say where a request comes from
/// (<c>Sec-Fetch-Site</c>, <c>Origin</c>), and no page can change that; programs send neither.
/// </summary>
internal static class SameOrigin
{
    public static async ValueTask<object?> Check(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        IsForeign(context.HttpContext.Request) ? Problems.CrossSite() : await next(context);

    private static bool IsForeign(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is not ("same-origin" or "none");
        }

        string origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
