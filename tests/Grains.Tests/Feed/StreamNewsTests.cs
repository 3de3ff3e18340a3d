using Xunit;

namespace Streams.Grains.Tests.Feed;

public sealed class StreamNewsTests
{
    private static readonly StreamId Id = StreamId.Parse("demo");
    private static readonly DateTimeOffset At = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly WorkerProgress Progress = new() { At = At, Frames = 10 };

    [Fact]
    public void Progress_goes_out_with_the_status_of_its_run()
    {
        FeedItem[] items = [.. new StreamNews(TimeProvider.System).With(1, Progress).With(Status(StreamPhase.Running, pid: 7)).ToItems(Id)];
        Assert.Equal([false, true], items.Select(static item => item.Progress is not null));
    }

    /// <summary>It would make the ended stream look alive.</summary>
    [Fact]
    public void The_last_progress_of_a_run_that_has_ended_meanwhile_does_not_go_out()
    {
        FeedItem[] items = [.. new StreamNews(TimeProvider.System).With(1, Progress).With(Status(StreamPhase.Offline, pid: null)).ToItems(Id)];
        Assert.Equal(StreamPhase.Offline, Assert.Single(items).Status!.Phase);
    }

    private static StreamStatus Status(StreamPhase phase, int? pid) => new()
    {
        StreamId = Id,
        Order = StreamOrder.Run,
        Phase = phase,
        Since = At,
        Generation = 1,
        Profile = "p",
        WorkerPid = pid,
    };
}
