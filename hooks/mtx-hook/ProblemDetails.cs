using System.Text.Json;

namespace Streams.Hooks;

/// <summary>The part of an RFC 9457 answer that the hook repeats.</summary>
/// <param name="Title">What kind of problem it is.</param>
internal sealed record ProblemDetails(string? Title)
{
    /// <summary>More of an answer is not read; a real problem has some hundred bytes.</summary>
    internal const int MaxBytes = 16 * 1024;

    /// <summary>The title's longest form in a message.</summary>
    internal const int MaxTitle = 200;

    /// <summary>Reads the title of an answer: empty when it has none, is too long, breaks off or never ends.</summary>
    /// <param name="content">The answer's body.</param>
    /// <param name="secret">What an answer may not repeat into a log: the token that was sent.</param>
    /// <param name="deadline">When to stop reading.</param>
    internal static async Task<string> TitleOf(HttpContent content, string? secret, CancellationToken deadline)
    {
        try
        {
            byte[] buffer = new byte[MaxBytes];
            Stream body = await content.ReadAsStreamAsync(deadline);
            int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, deadline);
            string title = JsonSerializer.Deserialize(buffer.AsSpan(0, length), HookJson.Default.ProblemDetails)?.Title ?? "";
            return Text.Cut(secret is null ? title : title.Replace(secret, "***", StringComparison.Ordinal), MaxTitle);
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or OperationCanceledException)
        {
            return "";
        }
    }
}
