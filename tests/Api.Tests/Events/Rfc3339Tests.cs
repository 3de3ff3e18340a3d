using Streams.Api.MediaMtxEvents;
using Xunit;

namespace Streams.Api.Tests;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.0000000+00:00")]
    [InlineData("2026-01-31t12:00:00.5z", "2026-01-31T12:00:00.5000000+00:00")]
    [InlineData("2026-01-31T01:00:00.123456789+02:00", "2026-01-30T23:00:00.1234568+00:00")]
    public void A_time_is_read_as_UTC(string text, string utc)
    {
        Assert.True(Rfc3339.TryParse(text, out DateTimeOffset at));
        Assert.Equal(utc, at.ToString("O"));
    }

    [Theory]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31 12:00:00Z")]
    [InlineData("2026-01-31T12:00:00")]
    [InlineData("2026-01-31T12:00Z")]
    [InlineData("2026-02-30T12:00:00Z")]
    [InlineData("2026-01-31T25:00:00Z")]
    [InlineData("2026-01-31T12:00:00Z\n")]
    [InlineData("٢٠٢٦-01-31T12:00:00Z")]
    [InlineData("2026-01-31T12:00:00+99:00")]
    public void Anything_else_is_refused(string text) => Assert.False(Rfc3339.TryParse(text, out _));

    [Theory]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    public void A_time_that_UTC_cannot_hold_is_refused(string text) => Assert.False(Rfc3339.TryParse(text, out _));
}
