using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Streams.Api.Access;

/// <summary>A token as the service keeps it: without the secret.</summary>
internal sealed partial class AccessToken
{
    private readonly byte[] _hash;

    private AccessToken(AccessRole role, string name, string secret)
    {
        Role = role;
        Name = name;
        _hash = HashOf(secret);
        Id = Convert.ToHexStringLower(SHA256.HashData(_hash));
    }

    public AccessRole Role { get; }

    public string Name { get; }

    /// <summary>Names the token in a session's cookie. It says nothing about the secret, and changes with it.</summary>
    public string Id { get; }

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Takes as long for a wrong secret as for the right one.</summary>
    public bool IsOf(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(_hash, hash);

    /// <summary>A token; null with errors that never repeat the secret.</summary>
    /// <param name="where">Where it stands, as the errors begin.</param>
    /// <param name="role">The role's name.</param>
    /// <param name="name">Its holder's name.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="errors">What is wrong is added to it.</param>
    public static AccessToken? Read(string where, string role, string name, string secret, List<string> errors)
    {
        int before = errors.Count;
        if (!Enum.TryParse(role, ignoreCase: true, out AccessRole known) || !char.IsAsciiLetter(role[0]))
        {
            errors.Add($"{where}: the role must be reader, operator or hook.");
        }

        if (!NamePattern().IsMatch(name))
        {
            errors.Add($"{where}: the name must be 1 to 64 of A-Z a-z 0-9 . _ -");
        }

        if (!SecretPattern().IsMatch(secret))
        {
            errors.Add($"{where}: the token must be 16 to 256 of A-Z a-z 0-9 . _ ~ - (openssl rand -hex 24 makes one).");
        }

        return errors.Count == before ? new AccessToken(known, name, secret) : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    // Nothing that must be escaped in a URL: MediaMTX carries one there.
    [GeneratedRegex(@"^[A-Za-z0-9._~-]{16,256}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SecretPattern();
}
