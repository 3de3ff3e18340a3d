using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Net.Http.Headers;
using Streams.Api.Hosting;

namespace Streams.Api.Access;

/// <summary>Anti-forgery tokens for the pages' commands, and the check whether a request comes from another site.</summary>
internal static class AntiForgery
{
    /// <summary>The header in which a page's script sends the token.</summary>
    public const string Header = "X-Anti-Forgery";

    /// <summary>The hidden field in which a page's form sends the token.</summary>
    public const string Field = "antiForgery";

    private const string Cookie = "streams-anti-forgery";

    /// <summary>The token for a form's <see cref="Field"/> or a script's <see cref="Header"/>; sets the cookie that belongs to it.</summary>
    public static string TokenFor(HttpContext context)
    {
        // It forbids caching itself, and logs a warning when somebody did before.
        context.Response.Headers.Remove(HeaderNames.CacheControl);
        return context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context).RequestToken!;
    }

    public static void Configure(AntiforgeryOptions options)
    {
        options.HeaderName = Header;
        options.FormFieldName = Field;
        options.SuppressXFrameOptionsHeader = true; // SecurityHeaders sets a stricter one.
        options.Cookie.Name = Cookie;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }

    /// <summary>Whether requests of the method change nothing.</summary>
    public static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    /// <summary>
    /// Whether a page of another site sent it. Browsers say where a request comes from (<c>Sec-Fetch-Site</c>, <c>Origin</c>), and no page
    /// can change that; programs send neither.
    /// </summary>
    public static bool IsFromOtherSite(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is not ("same-origin" or "none");
        }

        string origin = request.Headers.Origin.ToString();
        PublicAddress address = request.HttpContext.RequestServices.GetRequiredService<PublicAddress>();
        return origin.Length > 0 && !string.Equals(origin, address.OriginOf(request), StringComparison.OrdinalIgnoreCase);
    }
}
