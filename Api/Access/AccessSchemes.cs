using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Streams.Api.Access;

/// <summary>Authentication schemes.</summary>
internal static class AccessSchemes
{
    /// <summary>By <c>Authorization: Bearer</c>; while no token is set up, by being on this machine.</summary>
    public const string Bearer = "Bearer";

    /// <summary>By the cookie of a session, which begins at <c>/sign-in</c>.</summary>
    public const string Session = "Session";

    /// <summary>A session ends after this, however much it is used.</summary>
    public static readonly TimeSpan SessionLimit = TimeSpan.FromHours(12);

    /// <summary>The session's cookie.</summary>
    public const string SessionCookie = "streams-session";

    private const string Either = "Either";

    public static void Add(IServiceCollection services) => services
        .AddAuthentication(Either)
        .AddPolicyScheme(Either, null, static options => options.ForwardDefaultSelector = Choose)
        .AddScheme<AuthenticationSchemeOptions, BearerHandler>(Bearer, null)
        .AddCookie(Session, ConfigureSession);

    private static string Choose(HttpContext context) =>
        context.Request.Headers.Authorization.Count > 0 || context.RequestServices.GetRequiredService<AccessTokens>().IsOpen ? Bearer : Session;

    private static void ConfigureSession(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = SessionCookie;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = SessionLimit;
        options.SlidingExpiration = false;
        options.Events.OnValidatePrincipal = Revalidate;
    }

    // The cookie names a token; what its holder may do is asked anew each time. A token that was taken away ends its sessions.
    private static Task Revalidate(CookieValidatePrincipalContext context)
    {
        AccessTokens tokens = context.HttpContext.RequestServices.GetRequiredService<AccessTokens>();
        if (tokens.FindById(AccessIdentity.TokenIdOf(context.Principal)) is { } token)
        {
            context.ReplacePrincipal(AccessIdentity.Of(token, Session));
        }
        else
        {
            context.RejectPrincipal();
        }

        return Task.CompletedTask;
    }
}
