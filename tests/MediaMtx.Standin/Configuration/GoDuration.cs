using System.Globalization;

namespace MediaMtx.Standin.Configuration;

/// <summary>Durations as MediaMTX's configuration writes them: <c>10s</c>, <c>1m30s</c>, <c>250ms</c>, <c>1d</c>.</summary>
internal static class GoDuration
{
    private static readonly (string Unit, double Milliseconds)[] Units =
    [
        ("ms", 1), ("us", 0.001), ("ns", 0.000001), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000),
    ];

    /// <summary>Reads a duration.</summary>
    /// <exception cref="ConfigException">It is none.</exception>
    public static TimeSpan Parse(string text)
    {
        double total = 0;
        int at = 0;
        while (at < text.Length)
        {
            int numberEnd = at;
            while (numberEnd < text.Length && (char.IsAsciiDigit(text[numberEnd]) || text[numberEnd] == '.'))
            {
                numberEnd++;
            }

            (string unit, double milliseconds) = Units.FirstOrDefault(u =>
                text.AsSpan(numberEnd).StartsWith(u.Unit, StringComparison.Ordinal));
            if (unit is null ||
                !double.TryParse(text.AsSpan(at, numberEnd - at), NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            {
                throw new ConfigException($"invalid duration \"{text}\"");
            }

            total += number * milliseconds;
            at = numberEnd + unit.Length;
        }

        return text.Length > 0
            ? TimeSpan.FromMilliseconds(total)
            : throw new ConfigException("invalid duration \"\"");
    }
}
