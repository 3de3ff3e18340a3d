using System.Text;
using System.Text.Json;

namespace Streams.Hook.Tests;

/// <summary>One request as it came over the wire.</summary>
/// <param name="Head">Request line and headers.</param>
/// <param name="Body">The body.</param>
public sealed record ReceivedRequest(string Head, string Body)
{
    /// <summary>The request line.</summary>
    public string Line => Head.Split("\r\n")[0];

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>A header's value, or null.</summary>
    public string? Header(string name) => Head.Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 2)..])
        .SingleOrDefault();

    /// <summary>Reads a request with a Content-Length; null when the peer leaves before its end.</summary>
    public static async Task<ReceivedRequest?> Read(Stream stream, CancellationToken cancel)
    {
        MemoryStream all = new();
        byte[] buffer = new byte[8192];
        while (true)
        {
            string text = Encoding.UTF8.GetString(all.GetBuffer(), 0, (int)all.Length);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                ReceivedRequest request = new(text[..end], text[(end + 4)..]);
                int length = int.Parse(request.Header("Content-Length") ?? "0", null);
                if (Encoding.UTF8.GetByteCount(request.Body) >= length)
                {
                    return request;
                }
            }

            int read = await stream.ReadAsync(buffer, cancel);
            if (read == 0)
            {
                return null;
            }

            all.Write(buffer, 0, read);
        }
    }
}
