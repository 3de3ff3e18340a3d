namespace Streams.Api.Logging;

/// <summary>Sanitizes text from outside for a log line.</summary>
internal static class LogText
{
    private const int MaxLength = 128;

    /// <summary>The text's first 128 characters, with a question mark for everything but printable ASCII.</summary>
    public static string Of(string? text)
    {
        ReadOnlySpan<char> head = text.AsSpan(0, Math.Min(text?.Length ?? 0, MaxLength));
        return head.ContainsAnyExceptInRange(' ', '~')
            ? string.Create(head.Length, head, static (target, source) =>
            {
                for (int index = 0; index < target.Length; index++)
                {
                    target[index] = source[index] is >= ' ' and <= '~' ? source[index] : '?';
                }
            })
            : head.ToString();
    }
}
