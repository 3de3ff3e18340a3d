using System.Globalization;

namespace Streams.Grains.Workers.Progress;

/// <summary>
/// Reads ffmpeg's <c>-progress</c>: lines of <c>key=value</c>, each report ended by <c>progress=continue</c> or <c>progress=end</c>.
/// Values may be <c>N/A</c>; unknown keys and broken numbers are passed over.
/// </summary>
internal sealed class FfmpegProgressParser(TimeProvider time) : IProgressParser
{
    private WorkerProgress _report = new();

    public bool IsExact => true;

    public WorkerProgress? Parse(string line)
    {
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            return null;
        }

        ReadOnlySpan<char> value = line.AsSpan(equals + 1).Trim();
        switch (line.AsSpan(0, equals))
        {
            case "frame":
                _report = _report with { Frames = Whole(value) ?? _report.Frames };
                break;
            case "fps":
                _report = _report with { Fps = Number(value) ?? 0 };
                break;
            case "bitrate":
                _report = _report with { BitrateBps = (Number(WithoutSuffix(value, "kbits/s")) ?? 0) * 1000 };
                break;
            case "total_size":
                _report = _report with { TotalBytes = Whole(value) ?? _report.TotalBytes };
                break;
            case "out_time_us":
                _report = _report with { OutTime = Microseconds(value) ?? _report.OutTime };
                break;
            case "dup_frames":
                _report = _report with { DuplicatedFrames = Whole(value) ?? _report.DuplicatedFrames };
                break;
            case "drop_frames":
                _report = _report with { DroppedFrames = Whole(value) ?? _report.DroppedFrames };
                break;
            case "speed":
                _report = _report with { Speed = Number(WithoutSuffix(value, "x")) ?? 0 };
                break;
            case "progress":
                return _report with { At = time.GetUtcNow() };
        }

        return null;
    }

    private static ReadOnlySpan<char> WithoutSuffix(ReadOnlySpan<char> value, string suffix) =>
        value.EndsWith(suffix, StringComparison.Ordinal) ? value[..^suffix.Length].Trim() : value;

    private static long? Whole(ReadOnlySpan<char> value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static double? Number(ReadOnlySpan<char> value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number)
            ? number
            : null;

    private static TimeSpan? Microseconds(ReadOnlySpan<char> value) =>
        Whole(value) is { } microseconds && microseconds <= long.MaxValue / TimeSpan.TicksPerMicrosecond
            ? TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            : null;
}
