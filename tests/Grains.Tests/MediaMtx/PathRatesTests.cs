using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Streams.Grains.Tests.MediaMtx;

public sealed class PathRatesTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new();
    private readonly PathRates _rates;

    public PathRatesTests() => _rates = new PathRates(_time);

    [Fact]
    public void Rates_are_bits_a_second_between_two_answers_about_the_same_source()
    {
        Assert.Null(Measure("a", 1000, 0).InboundBps);
        PathView second = Measure("a", 3000, 2);
        Assert.Equal((8000, 0), (second.InboundBps, second.OutboundBps));
        Assert.Equal(0, Measure("a", 500, 3).InboundBps); // A counter that went back is no rate below zero.
        Assert.Null(Measure("b", 9000, 4).InboundBps);
    }

    private PathView Measure(string source, long bytes, int second) => Assert.Single(_rates.Measure(
        [(new StreamPath(StreamId.Parse("demo"), PathRole.Input), new PathView { Source = new LiveSource("rtmpConn", source, "", At), InboundBytes = bytes })],
        second * _time.TimestampFrequency)).View;
}
