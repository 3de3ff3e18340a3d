using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Streams;

/// <summary>
/// The path of one run's own, <c>live/&lt;id&gt;/w&lt;generation&gt;</c>: a standby publishes there until it steps in. Hooks tell nothing of it, and no viewer is meant
/// to read it.
/// </summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Generation">The run.</param>
public readonly record struct SidePath(StreamId StreamId, long Generation)
{
    private const string Prefix = "live/";
    private const string Mark = "/w";

    /// <summary>Parses a path as MediaMTX names it; false for any other.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SidePath path)
    {
        path = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.LastIndexOf(Mark, StringComparison.Ordinal) is var mark && mark < Prefix.Length)
        {
            return false;
        }

        ReadOnlySpan<char> number = text.AsSpan(mark + Mark.Length);
        bool isNumber = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long generation) && generation > 0 && number[0] != '0';
        if (!isNumber || !StreamId.TryParse(text[Prefix.Length..mark], out StreamId id))
        {
            return false;
        }

        path = new SidePath(id, generation);
        return true;
    }

    /// <summary>The path as MediaMTX names it, for example <c>live/demo/w7</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{StreamId.Value}{Mark}{Generation}");
}
