using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Streams.Api.Problems;

namespace Streams.Api.Access;

/// <summary>Answers requests that the policies refuse: 401, 403 and 429 as problem details, and a redirect to the sign-in for a browser that wants a page.</summary>
internal sealed class AccessRefusals : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) => authorizeResult switch
    {
        { Succeeded: true } => next(context),
        { Challenged: true } => Challenge(context),
        _ => Forbid(authorizeResult.AuthorizationFailure).ExecuteAsync(context),
    };

    /// <summary>Whether a person's browser asks for a page, and not a page's script or a program for data.</summary>
    public static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && request.Headers["Sec-Fetch-Mode"].ToString() is "" or "navigate";

    private static Task Challenge(HttpContext context)
    {
        Attempt? attempt = context.Features.Get<Attempt>();
        if (attempt is { IsBlocked: true })
        {
            return ApiProblems.TooManyFailures(attempt.RetryAfter).ExecuteAsync(context);
        }

        bool isOpen = context.RequestServices.GetRequiredService<AccessTokens>().IsOpen;
        if (attempt is null && !isOpen && WantsPage(context.Request))
        {
            context.Response.Redirect(SignInEndpoints.UrlFor(context.Request));
            return Task.CompletedTask;
        }

        context.Response.Headers.WWWAuthenticate = attempt is null ? "Bearer realm=\"streams\"" : "Bearer realm=\"streams\", error=\"invalid_token\"";
        return (isOpen ? ApiProblems.NotThisMachine() : ApiProblems.Unauthenticated()).ExecuteAsync(context);
    }

    private static ProblemResult Forbid(AuthorizationFailure? failure)
    {
        IEnumerable<string> reasons = failure?.FailureReasons.Select(static reason => reason.Message) ?? [];
        return reasons.FirstOrDefault() switch
        {
            OwnPageHandler.CrossSite => ApiProblems.CrossSite(),
            OwnPageHandler.NoToken => ApiProblems.NoAntiForgery(AntiForgery.Header, AntiForgery.Field),
            _ => ApiProblems.Forbidden(),
        };
    }
}
