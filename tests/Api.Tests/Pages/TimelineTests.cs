using Streams.Api.Pages;
using Streams.Api.Wire;
using Xunit;

namespace Streams.Api.Tests.Pages;

/// <summary>Joining of history and runs in the timeline.</summary>
public sealed class TimelineTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_newest_is_first_and_a_run_stands_with_the_event_of_its_end()
    {
        IReadOnlyList<TimelineEntry> line = Timeline.Of([Event(1, "WorkerStarted", 1), Event(5, "WorkerExited", 1), Event(6, "WorkerStarted", 2)], [Run(1, 5)]);
        Assert.Equal(["WorkerStarted", "WorkerExited", "WorkerStarted"], line.Select(static entry => entry.Event!.What));
        Assert.Equal([2, 1, 1], line.Select(static entry => entry.Generation));
        Assert.Equal([null, 1L, null], line.Select(static entry => entry.Run?.Generation));
    }

    [Fact]
    public void The_end_of_a_run_that_is_followed_at_once_has_its_own_number()
    {
        IReadOnlyList<TimelineEntry> line = Timeline.Of([Event(1, "WorkerExited", 1), Event(5, "Restart", 2), Event(5, "WorkerExited", 3)], [Run(1, 1), Run(2, 5)]);
        Assert.Equal([2, 2, 1], line.Select(static entry => entry.Generation));
        Assert.Equal([2L, null, 1L], line.Select(static entry => entry.Run?.Generation));
    }

    [Fact]
    public void A_run_of_which_the_history_no_longer_tells_stands_by_itself()
    {
        IReadOnlyList<TimelineEntry> line = Timeline.Of([Event(9, "WorkerExited", 7)], [Run(6, 4), Run(7, 9)]);
        Assert.Equal([7, 6], line.Select(static entry => entry.Generation));
        Assert.Null(line[1].Event);
        Assert.Equal(Noon.AddMinutes(4), line[1].At);
    }

    [Fact]
    public void Each_entry_has_a_key_of_its_own()
    {
        IReadOnlyList<TimelineEntry> line = Timeline.Of([Event(1, "InputReady", 0), Event(1, "WorkerStarted", 1), Event(2, "WorkerStarted", 2)], [Run(3, 1), Run(4, 1)]);
        Assert.Equal(5, line.Select(static entry => entry.Key).Distinct().Count());
    }

    private static HistoryEntryView Event(int minute, string what, long generation) =>
        new() { At = Noon.AddMinutes(minute), What = what, Outcome = EventOutcome.Applied, Phase = StreamPhase.Running, Generation = generation, Reason = "killed" };

    private static RunView Run(long generation, int minute) =>
        new() { Generation = generation, Command = "", EndedAt = Noon.AddMinutes(minute), Exit = "Killed", Reason = "killed", Tracks = [], Log = [] };
}
