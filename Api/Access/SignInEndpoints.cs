using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Streams.Api.Hosting;
using Streams.Api.Logging;
using Streams.Api.Problems;

namespace Streams.Api.Access;

/// <summary>Where a person turns a token into a session, and ends it.</summary>
internal static partial class SignInEndpoints
{
    private const string SignIn = "/sign-in";
    private const string Home = "/";
    private const string ReturnParameter = "return";
    private const int MaxFormBytes = 8 * 1_024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapGet(SignIn, Show).AllowAnonymous().WithMetadata(new ContentPolicy(SignInPage.ContentPolicy));
        pages.MapPost(SignIn, Begin).AllowAnonymous().WithMetadata(new ContentPolicy(SignInPage.ContentPolicy), new RequestSizeLimitAttribute(MaxFormBytes));
        pages.MapPost("/sign-out", (Delegate)End).RequireAuthorization(AccessPolicies.Reader).WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));
    }

    /// <summary>The sign-in that leads back to what was asked for.</summary>
    public static string UrlFor(HttpRequest request) => request.PathBase + SignIn
        + (request.Path == Home ? QueryString.Empty : QueryString.Create(ReturnParameter, request.PathBase + request.Path + request.QueryString));

    private static IResult Show(HttpContext context, AccessTokens tokens) =>
        tokens.IsOpen || context.User.Identity?.IsAuthenticated == true ? TypedResults.LocalRedirect(ReturnTo(context)) : Page(context, 200, null);

    private static async Task<IResult> Begin(
        HttpContext context, AccessTokens tokens, RefusalLog refusals, IAntiforgery antiforgery, ILoggerFactory loggers)
    {
        if (AntiForgery.IsFromOtherSite(context.Request))
        {
            return ApiProblems.CrossSite();
        }

        if (!context.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(context))
        {
            return Page(context, 403, "The form was open for too long, or cookies are switched off. Try again.");
        }

        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        Attempt attempt = tokens.Try(context.Connection.RemoteIpAddress, form[SignInPage.TokenField].ToString().Trim());
        ILogger logger = loggers.CreateLogger(typeof(SignInEndpoints));
        if (attempt.IsBlocked)
        {
            return ApiProblems.TooManyFailures(attempt.RetryAfter);
        }

        if (attempt.Token is not { Role: not AccessRole.Hook } token)
        {
            if (refusals.Admits(RefusalKind.SignIn))
            {
                LogFailed(logger, context.Connection.RemoteIpAddress);
            }

            return Page(context, 401, "This is not a token of a reader or an operator.");
        }

        await context.SignInAsync(AccessSchemes.Session, AccessIdentity.Of(token, AccessSchemes.Session));
        LogBegun(logger, token.Name, context.Connection.RemoteIpAddress);
        return TypedResults.LocalRedirect(ReturnTo(context));
    }

    private static async Task<IResult> End(HttpContext context)
    {
        await context.SignOutAsync(AccessSchemes.Session);
        return TypedResults.LocalRedirect(context.Request.PathBase + SignIn);
    }

    // Never to another site, whatever the link says.
    private static string ReturnTo(HttpContext context) =>
        context.Request.Query[ReturnParameter].ToString() is { Length: > 0 } url && url[0] == '/' && RedirectHttpResult.IsLocalUrl(url) ? url : context.Request.PathBase + Home;

    private static ContentHttpResult Page(HttpContext context, int status, string? error) => TypedResults.Text(
        SignInPage.Render(context.Request.PathBase + SignIn + context.Request.QueryString, AntiForgery.TokenFor(context), error), "text/html; charset=utf-8", statusCode: status);

    [LoggerMessage(1713, LogLevel.Information, "{Caller} signed in from {RemoteAddress}")]
    private static partial void LogBegun(ILogger logger, string caller, System.Net.IPAddress? remoteAddress);

    [LoggerMessage(1714, LogLevel.Warning, "A sign-in from {RemoteAddress} failed")]
    private static partial void LogFailed(ILogger logger, System.Net.IPAddress? remoteAddress);
}
