using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Streams.Grains.Tests.Workers;

/// <summary>A worker runs when its output arrives in MediaMTX, whatever it counts.</summary>
public sealed class OutputArrivalTests
{
    private readonly FakeTimeProvider _time = new();
    private long _input;

    [Fact]
    public void Frames_alone_are_no_arrival_and_a_worker_that_only_counts_is_stalled_and_named_as_such()
    {
        StallMonitor monitor = Make(reportsProgress: true);
        Pass(monitor, 15, progresses: true);
        Assert.False(monitor.HasArrived);
        Assert.False(monitor.FindStall()!.IsOver);
        Pass(monitor, 1, progresses: true);
        Stall stall = monitor.FindStall()!;
        Assert.True(stall.IsOverForAll);
        Assert.Equal("The worker reads and counts, but nothing of it has arrived at live/demo/out for 15.0 s while its input delivered.", stall.Reason);
    }

    [Fact]
    public void Bytes_at_the_output_are_arrival()
    {
        StallMonitor monitor = Make(reportsProgress: true);
        monitor.RecordOutput("s", 0);
        Assert.False(monitor.HasArrived);
        monitor.RecordOutput("s", 10);
        Assert.True(monitor.HasArrived);
    }

    [Fact]
    public void At_a_kept_output_only_what_follows_the_first_look_is_the_workers()
    {
        StallMonitor monitor = new(new StallLimits(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)), new StreamPath(StreamId.Parse("demo"), PathRole.Output), reportsProgress: true, _time) { IsKept = true };
        monitor.RecordOutput(null, 0);
        monitor.RecordOutput("s", 5000); // Of the slate, before it.
        Assert.False(monitor.HasArrived);
        monitor.RecordOutput("s", 5001);
        Assert.True(monitor.HasArrived);
    }

    [Fact]
    public void What_MediaMTX_made_available_after_receiving_it_has_arrived()
    {
        StallMonitor monitor = Make(reportsProgress: true);
        monitor.RecordOutputAvailable();
        Assert.True(monitor.HasArrived);
    }

    [Fact]
    public void An_output_that_stops_growing_while_the_worker_counts_on_is_a_stall()
    {
        StallMonitor monitor = Make(reportsProgress: true);
        Pass(monitor, 10, progresses: true, output: 1000);
        Assert.Null(monitor.FindStall());
        Pass(monitor, 5, progresses: true, output: 0);
        Assert.Contains("nothing more has arrived at live/demo/out for 5.0 s", monitor.FindStall()!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_is_not_told_of_is_unknown_and_no_stall()
    {
        StallMonitor monitor = Make(reportsProgress: true);
        Pass(monitor, 10, progresses: true, output: 1000);
        for (int i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            monitor.RecordInput(_input += 1000);
            monitor.RecordProgress();
        }

        Assert.Null(monitor.FindStall());
    }

    [Fact]
    public void A_worker_that_reports_nothing_is_judged_by_its_output()
    {
        StallMonitor monitor = Make(reportsProgress: false);
        Pass(monitor, 3, progresses: false, output: 1000);
        Assert.True(monitor.HasArrived);
        Pass(monitor, 5, progresses: false, output: 0);
        Assert.True(monitor.FindStall()!.IsOver);
    }

    private StallMonitor Make(bool reportsProgress) => new(
        new StallLimits(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)), new StreamPath(StreamId.Parse("demo"), PathRole.Output), reportsProgress, _time);

    private long _output;

    private void Pass(StallMonitor monitor, int seconds, bool progresses, long? output = null)
    {
        for (int i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            monitor.RecordInput(_input += 1000);
            monitor.RecordOutput(output is null ? null : "s", _output += output ?? 0);
            if (progresses)
            {
                monitor.RecordProgress();
            }
        }
    }
}
