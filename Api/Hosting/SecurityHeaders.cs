namespace Streams.Api.Hosting;

/// <summary>Security headers of every answer.</summary>
internal static class SecurityHeaders
{
    // For answers that are data: were one shown as a page, it could load nothing and send nothing.
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>Sets them before the answer is made. What carries no state may set another Cache-Control afterwards.</summary>
    public static void Set(HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";

        // Not "no-referrer": a browser would send forms with the origin "null", as if another site had.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = response.HttpContext.GetEndpoint()?.Metadata.GetMetadata<ContentPolicy>()?.Value ?? Nothing;
        headers.CacheControl = "no-store";
    }
}
