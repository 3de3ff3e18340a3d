using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MediaMtx.Standin.Net;

namespace MediaMtx.Standin.Rtsp;

/// <summary>A piece of media that came between requests (RFC 2326, 10.12). Its bytes are nobody else's.</summary>
internal sealed record InterleavedPacket(int Channel, byte[] Bytes);

/// <summary>Reads what either side of RTSP receives: requests or replies, and interleaved packets.</summary>
internal sealed class RtspInput(Connection connection)
{
    private const int MaxHeader = 32 * 1024;
    private const int MaxBody = 128 * 1024;
    private static readonly byte[] HeaderEnd = "\r\n\r\n"u8.ToArray();

    /// <summary>Reads the next one: an <see cref="RtspRequest"/>, an <see cref="RtspReply"/>, or an <see cref="InterleavedPacket"/>.</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    public async ValueTask<object> Read()
    {
        while (true)
        {
            await connection.Require(1);
            switch (connection.Available[0])
            {
                case (byte)'$':
                    return await ReadPacket();
                case (byte)'\r' or (byte)'\n':
                    connection.Skip(1);
                    break;
                default:
                    return await ReadMessage();
            }
        }
    }

    private async ValueTask<InterleavedPacket> ReadPacket()
    {
        await connection.Require(4);
        int channel = connection.Available[1];
        byte[] bytes = new byte[BinaryPrimitives.ReadUInt16BigEndian(connection.Available[2..])];
        connection.Skip(4);
        await connection.ReadExactly(bytes);
        return new InterleavedPacket(channel, bytes);
    }

    private async ValueTask<object> ReadMessage()
    {
        int end;
        while ((end = connection.Available.IndexOf(HeaderEnd)) < 0)
        {
            if (connection.Available.Length > MaxHeader)
            {
                throw new InvalidDataException("request header is too big");
            }

            await connection.More();
        }

        string[] lines = Encoding.UTF8.GetString(connection.Available[..end]).Split("\r\n");
        connection.Skip(end + HeaderEnd.Length);
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
            }
        }

        string body = await ReadBody(headers);
        return lines[0].Split(' ', 3) switch
        {
            ["RTSP/1.0", string status, string reason] when int.TryParse(status, CultureInfo.InvariantCulture, out int code) =>
                new RtspReply(code, reason, headers, body),
            [string method, string url, "RTSP/1.0"] => new RtspRequest(method, url, headers, body),
            _ => throw new InvalidDataException($"invalid request line: {lines[0]}"),
        };
    }

    private async ValueTask<string> ReadBody(Dictionary<string, string> headers)
    {
        if (!int.TryParse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture, out int length) || length < 0 || length > MaxBody)
        {
            throw new InvalidDataException("invalid Content-Length");
        }

        byte[] body = new byte[length];
        await connection.ReadExactly(body);
        return Encoding.UTF8.GetString(body);
    }
}
