namespace Streams.Hooks;

/// <summary>Limits and formats for text in requests and failure lines.</summary>
internal static class Text
{
    /// <summary>Truncates a text, never within a surrogate pair.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="length">The most characters of the result.</param>
    internal static string Truncate(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>Replaces control characters by spaces, since the decoded value may be printed to a terminal.</summary>
    internal static string Printable(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = char.IsControl(source[i]) ? ' ' : source[i];
        }
    });

    /// <summary>Formats a time as RFC 3339 in UTC with milliseconds.</summary>
    internal static string Rfc3339(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);
}
