using System.Globalization;
using System.Text;

namespace MediaMtx.Standin.Rtsp;

/// <summary>The answer to a request.</summary>
/// <param name="Status">RTSP's status code.</param>
internal sealed record RtspResponse(int Status)
{
    public static readonly RtspResponse Ok = new(200);

    /// <summary>Headers other than <c>CSeq</c>, <c>Server</c> and <c>Content-Length</c>.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public string Body { get; init; } = "";

    /// <summary>Why the connection ends after this answer; null when it goes on.</summary>
    public string? Closes { get; init; }

    public byte[] ToBytes(string sequence)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"RTSP/1.0 {Status} {Phrase}\r\nCSeq: {sequence}\r\nServer: mediamtx-standin\r\n");
        foreach ((string name, string value) in Headers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (Body.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(Body)}\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(Body).ToString());
    }

    private string Phrase => Status switch
    {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        454 => "Session Not Found",
        455 => "Method Not Valid in This State",
        461 => "Unsupported Transport",
        501 => "Not Implemented",
        _ => "Error",
    };
}
