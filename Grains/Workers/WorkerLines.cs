using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Streams.Grains.Workers;

/// <summary>What a worker wrote, made safe to show: no secrets, no control characters, bounded. Safe for one writer and many readers.</summary>
internal sealed partial class WorkerLines(int tailLines, SecretRedactor secrets, TimeProvider time)
{
    /// <summary>The longest line kept, in characters.</summary>
    public const int MaxLine = 1024;

    /// <summary>Errors that were written so shortly before the end belong to it; older ones were survived.</summary>
    private static readonly TimeSpan LastMoments = TimeSpan.FromSeconds(3);

    private const string Cut = " [cut]";
    private const int MaxErrors = 64;

    private readonly LogTail _tail = new(tailLines);
    private readonly Queue<(long At, string Line)> _errors = new();
    private readonly Lock _lock = new();

    /// <summary>The last lines, oldest first.</summary>
    public ImmutableArray<string> Tail => _tail.Snapshot();

    /// <summary>Keeps a line, and returns it as it may be shown.</summary>
    public string Add(string line)
    {
        string safe = Shorten(VisibleText.Of(secrets.Redact(line)));
        _tail.Add(safe);
        if (Error().IsMatch(safe))
        {
            lock (_lock)
            {
                if (_errors.Count == MaxErrors)
                {
                    _errors.Dequeue();
                }

                _errors.Enqueue((time.GetTimestamp(), safe));
            }
        }

        return safe;
    }

    /// <summary>Its last line with words; null when it wrote none.</summary>
    public string? Last => Tail.LastOrDefault(static line => !LevelOnly().IsMatch(line));

    /// <summary>The error that says why it ended: the first of its last moments, those of decoders after all others. Null when it wrote none.</summary>
    public string? FindError()
    {
        string[] errors;
        lock (_lock)
        {
            errors = [.. _errors.Where(error => time.GetElapsedTime(error.At) <= LastMoments).Select(static error => error.Line)];
        }

        return errors.FirstOrDefault(static line => !Decoder().IsMatch(line)) ?? errors.FirstOrDefault();
    }

    /// <summary>Whether a line is a decoder's.</summary>
    public static bool IsOfDecoder(string line) => Decoder().IsMatch(line);

    private static string Shorten(string line)
    {
        if (line.Length <= MaxLine)
        {
            return line;
        }

        int length = char.IsHighSurrogate(line[MaxLine - 1]) ? MaxLine - 1 : MaxLine;
        return line[..length] + Cut;
    }

    /// <summary>A line of ffmpeg at level error or worse, with words; or what GStreamer and scripts write.</summary>
    [GeneratedRegex(@"\[(?:error|fatal|panic)\]\s*\S|^\s*(?:ERROR|FATAL|error|fatal|panic)\b.", RegexOptions.CultureInvariant)]
    private static partial Regex Error();

    /// <summary>A decoder's or parser's complaint: ffmpeg prints many at the start in the middle of a group of pictures, and goes on.</summary>
    [GeneratedRegex(@"^\[(?:h264|hevc|vp8|vp9|av1|libdav1d|mpeg4|mpeg2video|mpegvideo|mjpeg|aac|aac_latm|opus|libopus|mp3|mp3float|ac3|vorbis) @ ", RegexOptions.CultureInvariant)]
    private static partial Regex Decoder();

    /// <summary>A line of ffmpeg that has a level and no words.</summary>
    [GeneratedRegex(@"^\[\w+\]\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex LevelOnly();
}
