using System.Globalization;
using System.Text.RegularExpressions;

namespace Streams.Verify.Audience;

/// <summary>Reads what ffmpeg's <c>framecrc</c> writes: a line for each picture (stream 0) and each packet of sound (stream 1).</summary>
internal sealed partial class FrameLines
{
    private readonly Dictionary<int, double> _timeBases = [];

    /// <summary>Reads a line.</summary>
    /// <returns>The frame's stream and time stamp; null for a line that has none.</returns>
    public (int Stream, TimeSpan Stamp)? Read(string line)
    {
        if (line.StartsWith("#tb ", StringComparison.Ordinal))
        {
            string[] words = line[4..].Split(':', '/');
            _timeBases[int.Parse(words[0], CultureInfo.InvariantCulture)] = double.Parse(words[1], CultureInfo.InvariantCulture) / double.Parse(words[2], CultureInfo.InvariantCulture);
            return null;
        }

        // Stream, decoding time, presentation time, duration, size, checksum.
        string[] fields = line.Split(',', StringSplitOptions.TrimEntries);
        return line.StartsWith('#') || fields.Length < 6
            || !int.TryParse(fields[0], CultureInfo.InvariantCulture, out int stream) || !long.TryParse(fields[2], CultureInfo.InvariantCulture, out long stamp)
            || !_timeBases.TryGetValue(stream, out double timeBase)
            ? null
            : (stream, TimeSpan.FromSeconds(stamp * timeBase));
    }

    /// <summary>Reads a line of ffmpeg's own, which corrects time stamps that go back before they are written.</summary>
    /// <returns>By how much one went back; null for a line that does not tell.</returns>
    public TimeSpan? ReadStepBack(string line) =>
        Correction().Match(line) is { Success: true } match && _timeBases.TryGetValue(int.Parse(match.Groups["stream"].ValueSpan, CultureInfo.InvariantCulture), out double timeBase)
            ? TimeSpan.FromSeconds((long.Parse(match.Groups["previous"].ValueSpan, CultureInfo.InvariantCulture) - long.Parse(match.Groups["current"].ValueSpan, CultureInfo.InvariantCulture)) * timeBase)
            : null;

    // "Non-monotonous DTS in output stream 0:1; previous: 5, current: 4", since ffmpeg 7 "[aost#0:1/copy @ 0x1] ... Non-monotonic DTS; previous: 5, current: 4".
    [GeneratedRegex(@"(output stream |ost#)0:(?<stream>\d+).*previous: (?<previous>-?\d+), current: (?<current>-?\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Correction();
}
