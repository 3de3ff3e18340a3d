using Microsoft.AspNetCore.Authorization;

namespace Streams.Api.Access;

/// <summary>
/// The names of the policies, for <c>RequireAuthorization</c> on an endpoint. An endpoint that names none is not open: reading it needs
/// <see cref="Reader"/>, any other method <see cref="Operator"/>. Only <c>AllowAnonymous</c> opens one.
/// </summary>
public static class AccessPolicies
{
    /// <summary>Readers and operators.</summary>
    public const string Reader = "streams-reader";

    /// <summary>Operators.</summary>
    public const string Operator = "streams-operator";

    /// <summary>MediaMTX's hooks.</summary>
    public const string Hook = "streams-hook";

    internal static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Reader, static policy => Require(policy, new RoleRequirement(Reader)));
        options.AddPolicy(Operator, static policy => Require(policy, new RoleRequirement(Operator)));
        options.AddPolicy(Hook, static policy => Require(policy, new RoleRequirement(Hook)));
        options.DefaultPolicy = options.GetPolicy(Operator)!;
        options.FallbackPolicy = Require(new AuthorizationPolicyBuilder(), new RoleRequirement(null)).Build();
    }

    /// <summary>The policy of an endpoint that names none.</summary>
    internal static string OfMethod(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? Reader : Operator;

    internal static bool Admits(string policy, AccessRole role) => policy switch
    {
        Reader => role is AccessRole.Reader or AccessRole.Operator,
        Operator => role is AccessRole.Operator,
        Hook => role is AccessRole.Hook,
        _ => false,
    };

    private static AuthorizationPolicyBuilder Require(AuthorizationPolicyBuilder policy, RoleRequirement role) =>
        policy.RequireAuthenticatedUser().AddRequirements(role, new OwnPageRequirement());
}
