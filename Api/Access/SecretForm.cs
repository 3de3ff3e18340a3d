using System.Text.RegularExpressions;

namespace Streams.Api.Access;

/// <summary>The form of the secrets that operators choose: access tokens, and the keys of MediaMTX's publishers and readers.</summary>
internal static partial class SecretForm
{
    /// <summary>Adds an error when a secret has another form. The error does not repeat it.</summary>
    /// <param name="where">Where it stands, as the error begins.</param>
    /// <param name="what">What it is: <c>token</c> or <c>key</c>.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="errors">The error is added to it.</param>
    public static void Check(string where, string what, string secret, List<string> errors)
    {
        if (!Pattern().IsMatch(secret))
        {
            errors.Add($"{where}: the {what} must be 16 to 256 of A-Z a-z 0-9 . _ ~ - (openssl rand -hex 24 makes one).");
        }
    }

    // Nothing that must be escaped in a URL: MediaMTX and publishers carry them there.
    [GeneratedRegex(@"^[A-Za-z0-9._~-]{16,256}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
