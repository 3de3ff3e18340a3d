using System.Security.Cryptography;
using System.Text;

namespace Streams;

/// <summary>The SHA-256 hash of a secret (access token, MediaMTX key, run key), compared in constant time.</summary>
/// <param name="secret">The secret itself, which is not stored.</param>
public sealed class HashedSecret(string secret)
{
    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Whether a text is the secret.</summary>
    public bool Is(string given) => Is(new HashedSecret(given));

    /// <summary>Whether both are the same secret. Hash a text once to compare it with many secrets.</summary>
    public bool Is(HashedSecret given) => CryptographicOperations.FixedTimeEquals(_hash, given._hash);

    /// <summary>A public identifier of the secret that does not reveal it: the hash of its hash, as lower-case hex.</summary>
    public string ToFingerprint() => Convert.ToHexStringLower(SHA256.HashData(_hash));
}
