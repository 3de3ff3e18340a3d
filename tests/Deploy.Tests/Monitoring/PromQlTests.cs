using Xunit;

namespace Streams.Deploy.Tests.Monitoring;

/// <summary>What the other tests of this folder rely on.</summary>
public sealed class PromQlTests
{
    [Theory]
    [InlineData("a == 1", "a")]
    [InlineData("max by (stream) (a{x=\"b{c}\"}) unless on (y) rate(d_total[5m]) > 1e3", "a d_total")]
    [InlineData("histogram_quantile(0.95, sum by (le, instance) (rate(a_bucket{r=~\"/v1/{id}.+\"}[$__rate_interval]))) and min_over_time(up[10m]) == 1", "a_bucket up")]
    [InlineData("(a and b == 0) or sum(c) / sum (c) offset 5m", "a b c")]
    public void The_series_of_an_expression_are_found(string expression, string series) =>
        Assert.Equal(series.Split(' '), PromQl.SeriesIn(expression).Order(StringComparer.Ordinal));
}
