using CsCheck;
using Streams.Verify.Pictures;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>How flashes are found in a row of pictures, and an output's flashes in its input.</summary>
public sealed class FlashTests
{
    private const byte Black = 0;
    private const byte White = 255;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_flash_has_the_times_of_its_first_white_and_first_black_picture_and_its_length() =>
        Assert.Equal([new Flash(At(2), At(5), 3)], Read(Black, Black, White, White, White, Black));

    [Fact]
    public void A_flash_that_was_on_at_the_first_picture_is_left_out() =>
        Assert.Equal([new Flash(At(3), At(4), 1)], Read(White, White, Black, White, Black));

    [Fact]
    public void A_flash_that_has_not_ended_is_left_out() => Assert.Empty(Read(Black, White, White));

    [Fact]
    public void Grey_counts_as_the_picture_before_it() =>
        Assert.Equal([new Flash(At(2), At(5), 3)], Read(Black, 100, White, 150, 200, Black, 190));

    [Fact]
    public void The_delay_of_each_edge_is_found()
    {
        FlashMatch match = FlashMatch.Of([Flash(0, 6), Flash(1_000, 9)], [Flash(34, 6), Flash(1_051, 9)], Period);

        Assert.Equal([34, 34, 51, 51], match.Delays.Select(static delay => delay.TotalMilliseconds));
        Assert.Equal(0, match.Unmatched);
    }

    [Fact]
    public void A_delay_of_seconds_is_not_taken_for_a_short_one() =>
        Assert.Equal([2_100, 2_100], FlashMatch.Of([Flash(0, 6), Flash(1_000, 9), Flash(2_000, 12)], [Flash(2_100, 6)], Period).Delays.Select(static delay => delay.TotalMilliseconds));

    [Fact]
    public void A_flash_that_lost_a_picture_has_no_delay_and_is_counted()
    {
        FlashMatch match = FlashMatch.Of([Flash(0, 6), Flash(1_000, 9), Flash(2_000, 12)], [Flash(1_030, 8)], Period);

        Assert.Empty(match.Delays);
        Assert.Equal(1, match.Unmatched);
    }

    [Fact]
    public void A_flash_from_before_the_input_was_read_is_not_counted() =>
        Assert.Equal(0, FlashMatch.Of([Flash(1_000, 9)], [Flash(30, 6)], Period).Unmatched);

    [Fact]
    public void Any_constant_delay_below_the_period_is_found_for_all_flashes() =>
        Gen.Select(Gen.Int[-200, 4_500], Gen.Int[6, 30]).Sample((delay, count) =>
        {
            Flash[] input = [.. Enumerable.Range(0, count).Select(static second => Flash(second * 1_000, 6 + (3 * (second % 5))))];
            Flash[] output = [.. input.Select(flash => new Flash(flash.Rise + TimeSpan.FromMilliseconds(delay), flash.Fall + TimeSpan.FromMilliseconds(delay), flash.Pictures))];
            FlashMatch match = FlashMatch.Of(input, output, Period);
            return match.Unmatched == 0 && match.Delays.Count == 2 * count && match.Delays.All(found => found.TotalMilliseconds == delay);
        });

    private static IReadOnlyList<Flash> Read(params byte[] pictures)
    {
        FlashReader reader = new();
        for (int picture = 0; picture < pictures.Length; picture++)
        {
            reader.Add(pictures[picture], At(picture));
        }

        return reader.Flashes;
    }

    private static Flash Flash(int milliseconds, int pictures) =>
        new(TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(milliseconds + (pictures * 33)), pictures);

    private static TimeSpan At(int picture) => TimeSpan.FromMilliseconds(33 * picture);
}
