using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;

namespace Streams.Api.Access;

/// <summary>
/// A request that changes something was meant by its sender: no page of another site sent it through somebody's browser, and one that
/// is known only by a browser's cookie carries the anti-forgery token of a page of this service (<see cref="AntiForgery"/>).
/// </summary>
internal sealed class OwnPageRequirement : IAuthorizationRequirement;

/// <summary>Checks <see cref="OwnPageRequirement"/>.</summary>
internal sealed class OwnPageHandler(IAntiforgery antiforgery) : AuthorizationHandler<OwnPageRequirement>
{
    /// <summary>Why a request was refused, as the failure's reason.</summary>
    public const string CrossSite = "cross-site";

    /// <inheritdoc cref="CrossSite"/>
    public const string NoToken = "anti-forgery";

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, OwnPageRequirement requirement)
    {
        HttpContext http = (HttpContext)context.Resource!;
        if (AntiForgery.IsSafe(http.Request.Method))
        {
            context.Succeed(requirement);
        }
        else if (AntiForgery.IsFromOtherSite(http.Request))
        {
            context.Fail(new AuthorizationFailureReason(this, CrossSite));
        }
        else if (AccessIdentity.IsSession(context.User) && !await antiforgery.IsRequestValidAsync(http))
        {
            context.Fail(new AuthorizationFailureReason(this, NoToken));
        }
        else
        {
            context.Succeed(requirement);
        }
    }
}
