using System.Globalization;
using System.Text.RegularExpressions;

namespace Streams.Grains.Workers.Progress;

/// <summary>Reads what GStreamer's <c>progressreport</c> prints: <c>progress (00:00:05): 5 seconds</c>. It knows time only.</summary>
internal sealed partial class GStreamerProgressParser(TimeProvider time) : IProgressParser
{
    public bool IsExact => false; // It tells whole seconds.

    public WorkerProgress? Parse(string line)
    {
        Match match = Report().Match(line);
        if (!match.Success)
        {
            return null;
        }

        TimeSpan position = new(Part(match, 1), Part(match, 2), Part(match, 3));
        return new WorkerProgress { OutTime = position, At = time.GetUtcNow() };
    }

    private static int Part(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\S+ \((\d{1,4}):(\d{2}):(\d{2})\):", RegexOptions.CultureInvariant)]
    private static partial Regex Report();
}
