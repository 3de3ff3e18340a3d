namespace Streams.Api.Configuration;

/// <summary>Reads settings files: words on lines, and comments on lines of their own after <c>#</c>.</summary>
internal static class SettingsText
{
    private const int MaxBytes = 1_024 * 1_024;

    /// <summary>The file's text, or why there is none.</summary>
    public static (string? Text, string? Error) Read(string file)
    {
        try
        {
            return new FileInfo(file) is { Length: > MaxBytes } big
                ? (null, $"{file} has {big.Length} bytes; {MaxBytes} is the most.")
                : (File.ReadAllText(file), null);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, $"{file} cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>The words of each line that has any, with the line's number.</summary>
    public static IEnumerable<(int Number, string[] Words)> Lines(string text) => text.Split('\n')
        .Select(static (line, index) => (index + 1, line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
        .Where(static line => line.Item2 is [not ['#', ..], ..]);
}
