using System.Security.Claims;

namespace Streams.Api.Access;

/// <summary>Claims of a request's sender: the holder of a token, directly or by a session, or anybody on the machine of an open service.</summary>
internal static class AccessIdentity
{
    // The log's name of everybody while no token is set up. Nobody had to say who they are then: the identity itself has no name.
    private const string OpenName = "local";

    public static ClaimsPrincipal Of(AccessToken token, string scheme) => Of(scheme, token.Id, token.Name, [token.Role]);

    public static ClaimsPrincipal Everybody(string scheme) => Of(scheme, OpenName, null, Enum.GetValues<AccessRole>());

    public static IEnumerable<AccessRole> RolesOf(ClaimsPrincipal user) =>
        user.FindAll(ClaimTypes.Role).Select(static claim => Enum.Parse<AccessRole>(claim.Value));

    /// <summary>The id of the token that the user holds.</summary>
    public static string? TokenIdOf(ClaimsPrincipal? user) => user?.FindFirstValue(ClaimTypes.NameIdentifier);

    /// <summary>The name for the log.</summary>
    public static string NameOf(ClaimsPrincipal user) => user.Identity?.Name ?? OpenName;

    /// <summary>Whether a browser's cookie is all that tells who it is.</summary>
    public static bool IsSession(ClaimsPrincipal user) => user.Identity?.AuthenticationType == AccessSchemes.Session;

    private static ClaimsPrincipal Of(string scheme, string id, string? name, IEnumerable<AccessRole> roles)
    {
        ClaimsIdentity identity = new([new(ClaimTypes.NameIdentifier, id), .. roles.Select(static role => new Claim(ClaimTypes.Role, role.ToString()))], scheme);
        if (name is not null)
        {
            identity.AddClaim(new(ClaimTypes.Name, name));
        }

        return new ClaimsPrincipal(identity);
    }
}
