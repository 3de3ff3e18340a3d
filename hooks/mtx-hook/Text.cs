namespace Streams.Hooks;

/// <summary>Bounds for text that others wrote.</summary>
internal static class Text
{
    /// <summary>The text's beginning, never with half a surrogate pair at its end.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="length">The most characters that it may have.</param>
    internal static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>The text with spaces for control characters: a reader may print the decoded value to a terminal.</summary>
    internal static string Printable(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = char.IsControl(source[i]) ? ' ' : source[i];
        }
    });

    /// <summary>RFC 3339 in UTC with milliseconds.</summary>
    internal static string Rfc3339(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);
}
