using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Streams.Grains.Tests.Workers;

public sealed class SpeedMonitorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SpeedMonitor _monitor;
    private TimeSpan _out = TimeSpan.FromSeconds(3); // Output begins at an offset, which is no speed.

    public SpeedMonitorTests() => _monitor = new SpeedMonitor(_time);

    [Fact]
    public void Real_time_is_not_slow()
    {
        Run(60, 1);
        Assert.Null(_monitor.Slow);
    }

    [Fact]
    public void Below_real_time_for_ten_seconds_is_slow_and_says_how_slow()
    {
        Run(30, 1);
        DateTimeOffset before = _time.GetUtcNow();
        Run(10, 0.2);
        Assert.Equal(0.2, _monitor.Slow!.Speed);
        Assert.InRange(_monitor.Slow.Since, before, _time.GetUtcNow());
    }

    [Fact]
    public void A_worker_that_was_slow_from_its_start_is_slow_after_ten_seconds()
    {
        Run(9, 0.5);
        Assert.Null(_monitor.Slow);
        Run(2, 0.5);
        Assert.NotNull(_monitor.Slow);
    }

    [Fact]
    public void It_recovers()
    {
        Run(20, 0.5);
        Run(11, 1);
        Assert.Null(_monitor.Slow);
    }

    [Fact]
    public void After_a_pause_of_the_input_it_is_measured_anew()
    {
        Run(20, 1);
        Run(5, 0);
        _monitor.Restart();
        Run(9, 1);
        Assert.Null(_monitor.Slow);
    }

    private void Run(int seconds, double speed)
    {
        for (int i = 0; i < seconds * 2; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
            _out += TimeSpan.FromSeconds(0.5 * speed);
            _monitor.Record(_out);
        }
    }
}
