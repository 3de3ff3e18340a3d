using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Streams.Grains.Tests.Workers;

public sealed class LivenessMonitorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LivenessMonitor _monitor;
    private long _bytes;

    public LivenessMonitorTests() => _monitor = new LivenessMonitor(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), _time);

    [Fact]
    public void A_worker_that_progresses_does_not_hang()
    {
        Pass(60, delivers: true, progresses: true);
        Assert.Null(_monitor.FindStall());
        Assert.Equal(TimeSpan.FromSeconds(59), _monitor.ProgressingFor);
    }

    [Fact]
    public void Without_progress_for_five_seconds_while_the_input_delivers_it_hangs()
    {
        Pass(3, delivers: true, progresses: true);
        Pass(4, delivers: true, progresses: false);
        Assert.Null(_monitor.FindStall());
        Pass(1, delivers: true, progresses: false);
        Assert.Contains("no progress for 5.0 s", _monitor.FindStall(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_first_progress_it_hangs_after_its_longer_time()
    {
        Pass(14, delivers: true, progresses: false);
        Assert.Null(_monitor.FindStall());
        Pass(2, delivers: true, progresses: false);
        Assert.Contains("no first progress", _monitor.FindStall(), StringComparison.Ordinal);
    }

    [Fact]
    public void With_an_idle_input_it_does_not_hang_and_the_input_is_shown_as_idle()
    {
        Pass(3, delivers: true, progresses: true);
        DateTimeOffset lastByte = _time.GetUtcNow();
        Pass(60, delivers: false, progresses: false);
        Assert.Null(_monitor.FindStall());
        Assert.Equal(lastByte, _monitor.InputIdleSince);
    }

    [Fact]
    public void When_the_input_comes_back_it_has_its_whole_time_again()
    {
        Pass(3, delivers: true, progresses: true);
        Pass(60, delivers: false, progresses: false);
        Pass(4, delivers: true, progresses: false);
        Assert.Null(_monitor.FindStall());
        Assert.Null(_monitor.InputIdleSince);
        Pass(2, delivers: true, progresses: false);
        Assert.NotNull(_monitor.FindStall());
    }

    [Fact]
    public void While_nobody_can_tell_it_does_not_hang_and_the_input_is_not_called_idle()
    {
        Pass(3, delivers: true, progresses: true);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(_monitor.FindStall());
        Assert.Null(_monitor.InputIdleSince);
    }

    /// <summary>So many seconds, with MediaMTX asked in each.</summary>
    private void Pass(int seconds, bool delivers, bool progresses)
    {
        for (int i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _bytes += delivers ? 1000 : 0;
            _monitor.NoteInput(_bytes);
            if (progresses)
            {
                _monitor.NoteProgress();
            }
        }
    }
}
