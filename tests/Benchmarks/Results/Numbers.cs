using System.Globalization;

namespace Streams.Benchmarks.Results;

/// <summary>Formats numbers with three significant digits and with thousands separators.</summary>
internal static class Numbers
{
    public static string Text(double number) => Math.Abs(number) switch
    {
        >= 100 => number.ToString("#,0", CultureInfo.InvariantCulture),
        0 => "0",
        >= 10 when double.IsInteger(number) => number.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => number.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 => number.ToString("0.00", CultureInfo.InvariantCulture),
        _ => number.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    public static string Text(double number, string unit) => unit.StartsWith('/') ? $"{Text(number)}{unit}" : $"{Text(number)} {unit}";
}
