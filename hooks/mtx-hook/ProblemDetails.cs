using System.Text.Json;

namespace Streams.Hooks;

/// <summary>The part of an RFC 9457 response that the hook repeats in its failure line.</summary>
/// <param name="Title">The kind of problem.</param>
/// <param name="Detail">The details of this occurrence: for a fault of the service its own reason, such as a full disk.</param>
internal sealed record ProblemDetails(string? Title, string? Detail)
{
    /// <summary>The most bytes read of a response; real problem details have a few hundred.</summary>
    internal const int MaxBytes = 16 * 1024;

    /// <summary>The most characters of a title in a message; a title with detail may have twice as many.</summary>
    internal const int MaxTitle = 200;

    /// <summary>The text of a response; empty when it has none, is too long, is cut off or never ends.</summary>
    /// <param name="content">The body of the response.</param>
    /// <param name="withDetail">Whether to include the detail after the title.</param>
    /// <param name="secret">The token that was sent, which must not appear in the log.</param>
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
            return Text.Truncate(secret is null ? text : text.Replace(secret, "***", StringComparison.Ordinal), withDetail ? 2 * MaxTitle : MaxTitle);
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or OperationCanceledException)
        {
            return "";
        }
    }
}
