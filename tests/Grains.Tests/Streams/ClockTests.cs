using Microsoft.Extensions.Time.Testing;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>A wall clock that is set by an hour changes no duration.</summary>
public sealed class ClockTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SettableClock _clock;

    public ClockTests() => _clock = new SettableClock(_time);

    [Fact]
    public void A_jump_is_told_once_and_the_correction_by_which_clocks_are_kept_in_step_is_none()
    {
        ClockJumps jumps = new(_clock);
        _time.Advance(TimeSpan.FromHours(5));
        _clock.Set(TimeSpan.FromMilliseconds(900));
        Assert.Equal(TimeSpan.Zero, jumps.Measure());
        _clock.Set(TimeSpan.FromHours(-1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromHours(-1), jumps.Measure());
        Assert.Equal(TimeSpan.Zero, jumps.Measure());
        _clock.Set(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(1), jumps.Measure());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_retry_is_due_after_its_delay(int hours)
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Exited();
        stream.Wait(TimeSpan.FromSeconds(0.5));
        stream.SetClock(TimeSpan.FromHours(hours));
        Assert.Equal(EventOutcome.Duplicate, stream.RetryDue());
        stream.Wait(TimeSpan.FromSeconds(0.5));
        Assert.Equal(EventOutcome.Applied, stream.RetryDue());
        Assert.Equal(StreamPhase.Starting, stream.State.Phase);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1)]
    public void Publishers_that_take_over_from_each_other_are_a_contest_over_a_jump_and_for_no_longer(int hours)
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Ready("b");
        stream.Wait(TimeSpan.FromSeconds(1));
        stream.Ready("c");
        stream.SetClock(TimeSpan.FromHours(hours));
        stream.Wait(TimeSpan.FromSeconds(1));
        stream.Ready("d");
        stream.Observe("d"); // With a clock that was set back the hook's event looks old, and the poll tells it.
        Assert.Equal(3, Contests.Find(stream.State, stream.Now)?.Takeovers);
        stream.Wait(TimeSpan.FromSeconds(29.5));
        stream.SetClock(TimeSpan.FromHours(-hours));
        Assert.Null(Contests.Find(stream.State, stream.Now));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_worker_that_hangs_is_found_after_the_same_time(int hours)
    {
        StallMonitor monitor = new(new StallLimits(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)), output: null, reportsProgress: true, _clock);
        monitor.RecordProgress();
        monitor.RecordInput(0);
        _clock.Set(TimeSpan.FromHours(hours));
        for (int second = 1; second <= 5; second++)
        {
            Assert.NotEqual(true, monitor.FindStall()?.IsOver);
            _time.Advance(TimeSpan.FromSeconds(1));
            monitor.RecordInput(second * 1000);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        monitor.RecordInput(6000);
        Assert.True(monitor.FindStall()?.IsOver);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Rates_are_those_of_the_time_that_passed(int hours)
    {
        PathRates rates = new(_clock);
        rates.Measure([(new StreamPath(MachineHarness.Id, PathRole.Input), View(1000))], _clock.GetTimestamp());
        _clock.Set(TimeSpan.FromHours(hours));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(8000, Assert.Single(rates.Measure([(new StreamPath(MachineHarness.Id, PathRole.Input), View(3000))], _clock.GetTimestamp())).View.InboundBps);
    }

    private static PathView View(long bytes) => new() { Source = new LiveSource("rtmpConn", "a", "", default), InboundBytes = bytes };
}
