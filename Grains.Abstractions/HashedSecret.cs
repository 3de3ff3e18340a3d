using System.Security.Cryptography;
using System.Text;

namespace Streams;

/// <summary>A secret as its SHA-256 hash: access tokens, keys of MediaMTX and keys of runs. Comparing takes as long for a wrong secret as for the right one.</summary>
/// <param name="secret">The secret itself, which is not kept.</param>
public sealed class HashedSecret(string secret)
{
    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Whether a given text is the secret.</summary>
    public bool Is(string given) => Is(new HashedSecret(given));

    /// <summary>Whether both are the same secret. To compare one text with many secrets, hash it once.</summary>
    public bool Is(HashedSecret given) => CryptographicOperations.FixedTimeEquals(_hash, given._hash);

    /// <summary>A name for the secret that says nothing about it and changes with it, as lower-case hex: the hash of its hash.</summary>
    public string ToFingerprint() => Convert.ToHexStringLower(SHA256.HashData(_hash));
}
