using System.Buffers;
using System.IO.Pipelines;
using Streams.Api.Wire;

namespace Streams.Api.MediaMtxEvents;

/// <summary>Reads the body of an event from the server's own pooled buffers.</summary>
internal static class EventBody
{
    /// <summary>Reads and validates the body; null when it has more than <see cref="HookEvent.MaxBodyBytes"/>.</summary>
    /// <exception cref="BadHttpRequestException">The server gave up on the body: too slow, too large, or cut off.</exception>
    public static async ValueTask<HookEventReading?> Read(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > HookEvent.MaxBodyBytes)
        {
            return null;
        }

        PipeReader body = request.BodyReader;
        while (true)
        {
            ReadResult read = await body.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> bytes = read.Buffer;
            if (bytes.Length > HookEvent.MaxBodyBytes)
            {
                body.AdvanceTo(bytes.Start);
                return null;
            }

            if (read.IsCompleted)
            {
                HookEventReading reading = HookEventReader.Read(bytes);
                body.AdvanceTo(bytes.End);
                return reading;
            }

            body.AdvanceTo(bytes.Start, bytes.End);
        }
    }

    /// <summary>Whether the content type is JSON in UTF-8, without a content encoding. ASP.NET's own check admits other encodings and types.</summary>
    public static bool IsJson(HttpRequest request)
    {
        if (!Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return false;
        }

        bool json = type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
        bool utf8 = !type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase);
        return json && utf8 && request.Headers.ContentEncoding.Count == 0;
    }
}
