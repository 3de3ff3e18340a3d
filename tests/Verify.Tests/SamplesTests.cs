using CsCheck;
using Streams.Measuring.Timing;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>Percentiles by nearest rank.</summary>
public sealed class SamplesTests
{
    [Theory]
    [InlineData(50, 5)]
    [InlineData(95, 10)]
    [InlineData(90, 9)]
    [InlineData(100, 10)]
    [InlineData(1, 1)]
    public void A_percentile_of_ten_is_the_one_at_its_rank(int percent, double expected) =>
        Assert.Equal(expected, new Samples([10, 3, 1, 2, 9, 4, 8, 5, 7, 6]).Percentile(percent));

    [Fact]
    public void Of_twenty_one_the_longest_may_be_an_outlier_and_of_twenty_too() =>
        Assert.Equal((1, 1), (new Samples([9_000, .. Enumerable.Repeat(1.0, 20)]).P95, new Samples([9_000, .. Enumerable.Repeat(1.0, 19)]).P95));

    [Fact]
    public void Of_nineteen_none_may() => Assert.Equal(9_000, new Samples([9_000, .. Enumerable.Repeat(1.0, 18)]).P95);

    [Fact]
    public void Nothing_measured_is_no_zero() => Assert.Throws<InvalidOperationException>(() => new Samples([]).P95);

    [Fact]
    public void A_percentile_is_a_sample_that_so_many_do_not_exceed() =>
        Gen.Select(Gen.Double[0, 1_000].Array[1, 60], Gen.Int[1, 100]).Sample((values, percent) =>
        {
            double value = new Samples(values).Percentile(percent);
            int within = values.Count(other => other <= value);
            int below = values.Count(other => other < value);
            return values.Contains(value) && within * 100 >= percent * values.Length && below * 100 < percent * values.Length;
        });

    [Theory]
    [InlineData(0.046, "0.05 ms (n=1)")]
    [InlineData(4.26, "4.3 ms (n=1)")]
    [InlineData(512.4, "512 ms (n=1)")]
    [InlineData(28_740, "28.7 s (n=1)")]
    public void A_time_is_shown_as_exactly_as_it_means_something(double milliseconds, string shown) =>
        Assert.Equal(shown, new Samples([milliseconds]).ToString());
}
