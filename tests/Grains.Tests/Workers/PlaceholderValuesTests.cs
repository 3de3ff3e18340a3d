using Xunit;

namespace Streams.Grains.Tests.Workers;

public sealed class PlaceholderValuesTests
{
    [Theory]
    [InlineData("{query.x}", "-report", true)]
    [InlineData("{query.x}", "report", false)]
    [InlineData("--lang={query.x}", "-report", false)]
    [InlineData("{query.empty}{query.x}", "-report", true)]
    [InlineData("{query.empty}-{query.x}", "-report", false)]
    [InlineData("{streamId}", "x", true)]
    [InlineData("{input}", "x", false)]
    [InlineData("{query.other}", "-report", false)]
    public void A_value_from_outside_that_would_become_an_option_is_found(string argument, string value, bool isOption)
    {
        PlaceholderValues values = new() { ["streamId"] = "-y", ["input"] = "rtsp://h/-x" };
        values.SetQuery("x", value);
        values.SetQuery("empty", "");
        Assert.Equal(isOption, values.FindOption(argument) is not null);
    }

    [Fact]
    public void Every_value_that_begins_with_a_dash_is_outside_the_default_pattern() =>
        Assert.DoesNotMatch($"^(?:{new QueryParameter().Pattern})\\z", "-report");

    [Fact]
    public void A_value_is_not_expanded_again()
    {
        PlaceholderValues values = new() { ["secret.key"] = "hidden" };
        values.SetQuery("x", "{secret.key}");
        Assert.Equal("{secret.key}", values.Expand("{query.x}"));
    }
}
