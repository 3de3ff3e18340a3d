namespace Streams.Verify.Pictures;

/// <summary>Flashes of an output matched with those of its input.</summary>
/// <param name="Delays">Delay of each edge: two for each matched flash.</param>
/// <param name="Unmatched">Number of flashes in the output without a match, while the input was read.</param>
internal sealed record FlashMatch(IReadOnlyList<TimeSpan> Delays, int Unmatched)
{
    /// <summary>Maximum lead of the output's reader over the input's: both share two cores.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(250);

    /// <summary>Matches each flash of the output with one of the input.</summary>
    /// <param name="input">Flashes of the input.</param>
    /// <param name="output">Flashes of the output, by the same clock.</param>
    /// <param name="repeatAfter">Period of flashes of the same length; delays are shorter.</param>
    public static FlashMatch Of(IReadOnlyList<Flash> input, IReadOnlyList<Flash> output, TimeSpan repeatAfter)
    {
        List<TimeSpan> delays = [];
        int unmatched = 0;
        foreach (Flash late in output)
        {
            Flash[] same = [.. input.Where(early => early.Pictures == late.Pictures && IsDelay(late.Rise - early.Rise))];
            if (same.Length > 0)
            {
                Flash early = same[^1];
                delays.AddRange([late.Rise - early.Rise, late.Fall - early.Fall]);
            }
            else if (input.Count > 0 && late.Rise >= input[0].Rise && late.Rise <= input[^1].Fall)
            {
                unmatched++;
            }
        }

        return new FlashMatch(delays, unmatched);

        bool IsDelay(TimeSpan delay) => delay > -Early && delay < repeatAfter - Early;
    }
}
