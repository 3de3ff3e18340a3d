using System.Security.Cryptography;
using System.Text;

namespace Streams.Api.Access;

/// <summary>A secret as the service keeps it; comparing takes as long for a wrong one as for the right one.</summary>
internal sealed class HashedSecret(string secret)
{
    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public bool Is(string given) => CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(given)));
}
