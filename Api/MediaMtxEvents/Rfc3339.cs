using System.Globalization;
using System.Text.RegularExpressions;

namespace Streams.Api.MediaMtxEvents;

/// <summary>Parses RFC 3339 date-times: a date, a time and an offset, all of them. .NET's own parser accepts more.</summary>
internal static partial class Rfc3339
{
    /// <summary>Reads a time and turns it into UTC; false for anything else.</summary>
    public static bool TryParse(string text, out DateTimeOffset utc)
    {
        utc = default;
        return Shape().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out utc);
    }

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Shape();
}
