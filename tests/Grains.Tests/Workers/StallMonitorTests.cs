using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Streams.Grains.Tests.Workers;

public sealed class StallMonitorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StallMonitor _monitor;
    private long _bytes;

    public StallMonitorTests() => _monitor = new StallMonitor(new StallLimits(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)), output: null, reportsProgress: true, _time);

    [Fact]
    public void A_worker_that_progresses_does_not_hang()
    {
        Pass(60, delivers: true, progresses: true);
        Assert.Null(FindStall());
        Assert.Equal(TimeSpan.FromSeconds(59), _monitor.ArrivingFor);
    }

    [Fact]
    public void Without_progress_for_five_seconds_while_the_input_delivers_it_hangs()
    {
        Pass(3, delivers: true, progresses: true);
        Pass(4, delivers: true, progresses: false);
        Assert.Null(FindStall());
        Pass(1, delivers: true, progresses: false);
        Assert.Contains("no progress for 5.0 s", FindStall(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_first_progress_it_hangs_after_its_longer_time()
    {
        Pass(14, delivers: true, progresses: false);
        Assert.Null(FindStall());
        Pass(2, delivers: true, progresses: false);
        Assert.Contains("no first progress", FindStall(), StringComparison.Ordinal);
    }

    [Fact]
    public void With_an_idle_input_it_does_not_hang_and_the_input_is_shown_as_idle()
    {
        Pass(3, delivers: true, progresses: true);
        DateTimeOffset lastByte = _time.GetUtcNow();
        Pass(60, delivers: false, progresses: false);
        Assert.Null(FindStall());
        Assert.Equal(_time.GetUtcNow() - lastByte, _monitor.InputIdleFor);
    }

    [Fact]
    public void When_the_input_comes_back_it_has_its_whole_time_again()
    {
        Pass(3, delivers: true, progresses: true);
        Pass(60, delivers: false, progresses: false);
        Pass(4, delivers: true, progresses: false);
        Assert.Null(FindStall());
        Assert.Null(_monitor.InputIdleFor);
        Pass(2, delivers: true, progresses: false);
        Assert.NotNull(FindStall());
    }

    [Fact]
    public void While_nobody_can_tell_it_does_not_hang_and_the_input_is_not_called_idle()
    {
        Pass(3, delivers: true, progresses: true);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(FindStall());
        Assert.Null(_monitor.InputIdleFor);
    }

    [Fact]
    public void From_half_the_limit_on_a_pause_is_suspected_and_a_busy_worker_may_take_four_times_as_long()
    {
        Pass(3, delivers: true, progresses: true);
        Pass(3, delivers: true, progresses: false);
        Assert.Equal((false, false), Verdict());
        Pass(2, delivers: true, progresses: false);
        Assert.Equal((true, false), Verdict());
        Pass(15, delivers: true, progresses: false);
        Assert.Equal((true, true), Verdict());

        (bool, bool)? Verdict() => _monitor.FindStall() is { } stall ? (stall.IsOver, stall.IsOverForAll) : null;
    }

    [Fact]
    public void A_clock_that_is_set_back_changes_nothing()
    {
        SetBackClock clock = new();
        StallMonitor monitor = new(new StallLimits(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)), output: null, reportsProgress: true, clock);
        monitor.RecordInput(1);
        monitor.RecordProgress();
        clock.Back = TimeSpan.FromHours(1);
        for (int i = 2; i <= 6; i++)
        {
            clock.Monotonic += TimeSpan.FromSeconds(1);
            monitor.RecordInput(i);
        }

        Assert.True(monitor.FindStall()!.IsOver);
    }

    /// <summary>A clock whose time of day can be set back, as that of a machine.</summary>
    private sealed class SetBackClock : TimeProvider
    {
        public TimeSpan Monotonic { get; set; } = TimeSpan.FromDays(1);

        public TimeSpan Back { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Monotonic.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Monotonic - Back;
    }

    private string? FindStall() => _monitor.FindStall() is { IsOver: true } stall ? stall.Reason : null;

    /// <summary>So many seconds, with MediaMTX asked in each.</summary>
    private void Pass(int seconds, bool delivers, bool progresses)
    {
        for (int i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _bytes += delivers ? 1000 : 0;
            _monitor.RecordInput(_bytes);
            if (progresses)
            {
                _monitor.RecordProgress();
            }
        }
    }
}
