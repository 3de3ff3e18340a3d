using System.Text.RegularExpressions;

namespace Streams.Api.Access;

/// <summary>An access token as the service keeps it: whose it is, what its holder may do, and the hash of its secret.</summary>
internal sealed partial record AccessToken(AccessRole Role, string Name, HashedSecret Secret)
{
    /// <summary>Names the token in a session's cookie. It says nothing about the secret, and changes with it.</summary>
    public string Id { get; } = Secret.ToFingerprint();

    /// <summary>Reads role, name and secret, as they stand on a line of the token file.</summary>
    public static AccessToken? Read(string where, string[] words, List<string> errors)
    {
        if (words is not [var role, var name, var secret])
        {
            errors.Add($"{where}: a line is 'role name token'.");
            return null;
        }

        int before = errors.Count;
        if (!Enum.TryParse(role, ignoreCase: true, out AccessRole known) || !char.IsAsciiLetter(role[0]))
        {
            errors.Add($"{where}: the role must be reader, operator or hook.");
        }

        if (!NamePattern().IsMatch(name))
        {
            errors.Add($"{where}: the name must be 1 to 64 of A-Z a-z 0-9 . _ -");
        }

        SecretForm.Check(where, "token", secret, errors);
        return errors.Count == before ? new AccessToken(known, name, new HashedSecret(secret)) : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
