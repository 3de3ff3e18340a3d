using MediaMtx.Standin.Net;

namespace MediaMtx.Standin.Rtmp;

/// <summary>
/// The plain handshake (RTMP specification, 5.2). A zero in the version field of S1 tells clients that know Flash's digests not to
/// expect them.
/// </summary>
internal static class Handshake
{
    private const int Size = 1536;
    private const byte PlainVersion = 3;

    /// <summary>Answers a client.</summary>
    /// <exception cref="InvalidDataException">It wants an encrypted connection, or speaks something else.</exception>
    public static async ValueTask Accept(Connection connection)
    {
        await connection.Require(1 + Size);
        byte[] answer = new byte[1 + Size + Size];
        byte version = connection.Available[0];
        if (version != PlainVersion)
        {
            throw new InvalidDataException($"unsupported RTMP version: {version}");
        }

        answer[0] = PlainVersion;
        Random.Shared.NextBytes(answer.AsSpan(9, Size - 8));
        connection.Available.Slice(1, Size).CopyTo(answer.AsSpan(1 + Size));
        connection.Skip(1 + Size);
        await connection.Send(answer);
        await connection.Require(Size);
        connection.Skip(Size);
    }
}
