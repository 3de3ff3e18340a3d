namespace Streams.Verify.Pictures;

/// <summary>The flashes of an output beside those of its input.</summary>
/// <param name="Delays">How much later each edge arrived: two for each flash that was found in both.</param>
/// <param name="Unmatched">How many flashes of the output were not found in the input while that was read.</param>
internal sealed record FlashMatch(IReadOnlyList<TimeSpan> Delays, int Unmatched)
{
    /// <summary>How much earlier the output's reader may be served than the input's: both wait for the same two cores.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(250);

    /// <summary>Finds each flash of the output in the input.</summary>
    /// <param name="input">What the input's reader saw.</param>
    /// <param name="output">What the output's reader saw, by the same clock.</param>
    /// <param name="repeatAfter">After which time flashes of the same length come again: a delay is less than that.</param>
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
