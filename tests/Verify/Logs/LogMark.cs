using System.Text;

namespace Streams.Verify.Logs;

/// <summary>A position in a log file that grows.</summary>
internal sealed class LogMark
{
    private readonly string _file;
    private readonly long _length;

    private LogMark(string file, long length) => (_file, _length) = (file, length);

    /// <summary>The current end of a log.</summary>
    public static LogMark AtEnd(string file) => new(file, new FileInfo(file).Length);

    /// <summary>Reads the complete lines after this mark.</summary>
    public async Task<IReadOnlyList<string>> ReadLines()
    {
        await using FileStream log = new(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(_length, SeekOrigin.Begin);
        using StreamReader reader = new(log, Encoding.UTF8);
        string[] lines = (await reader.ReadToEndAsync()).Split('\n');
        return lines[..^1]; // The last line may be incomplete.
    }
}
