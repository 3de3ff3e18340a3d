using Microsoft.AspNetCore.Authorization;

namespace Streams.Api.Access;

/// <summary>The caller has a role that the policy admits.</summary>
/// <param name="policy">One of <see cref="AccessPolicies"/>; null for the one that fits the request's method.</param>
internal sealed class RoleRequirement(string? policy) : AuthorizationHandler<RoleRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
    {
        string wanted = policy ?? AccessPolicies.OfMethod(((HttpContext)context.Resource!).Request.Method);
        if (AccessIdentity.RolesOf(context.User).Any(role => AccessPolicies.Admits(wanted, role)))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
