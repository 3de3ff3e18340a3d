using System.Globalization;

namespace Streams.Verify.Audience;

/// <summary>Reads what ffmpeg's <c>framecrc</c> writes: a line for each picture (stream 0) and each packet of sound (stream 1).</summary>
internal sealed class FrameLines
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
}
