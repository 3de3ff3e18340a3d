using System.Text.Json;

namespace Streams.Hooks;

/// <summary>The part of an RFC 9457 answer that the hook repeats.</summary>
/// <param name="Title">What kind of problem it is.</param>
/// <param name="Detail">What was wrong this time: for a fault of the service its own reason, a full disk for example.</param>
internal sealed record ProblemDetails(string? Title, string? Detail)
{
    /// <summary>More of an answer is not read; a real problem has some hundred bytes.</summary>
    internal const int MaxBytes = 16 * 1024;

    /// <summary>The title's longest form in a message; with the detail it is twice as long.</summary>
    internal const int MaxTitle = 200;

    /// <summary>Reads what an answer says: empty when that is nothing, too long, breaks off or never ends.</summary>
    /// <param name="content">The answer's body.</param>
    /// <param name="withDetail">Whether the detail is wanted, besides the title.</param>
    /// <param name="secret">What an answer may not repeat into a log: the token that was sent.</param>
    /// <param name="deadline">When to stop reading.</param>
    internal static async Task<string> TextOf(HttpContent content, bool withDetail, string? secret, CancellationToken deadline)
    {
        try
        {
            byte[] buffer = new byte[MaxBytes];
            Stream body = await content.ReadAsStreamAsync(deadline);
            int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, deadline);
            ProblemDetails? problem = JsonSerializer.Deserialize(buffer.AsSpan(0, length), HookJson.Default.ProblemDetails);
            string text = withDetail ? $"{problem?.Title} {problem?.Detail}".Trim() : problem?.Title ?? "";
            return Text.Cut(secret is null ? text : text.Replace(secret, "***", StringComparison.Ordinal), withDetail ? 2 * MaxTitle : MaxTitle);
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or OperationCanceledException)
        {
            return "";
        }
    }
}
