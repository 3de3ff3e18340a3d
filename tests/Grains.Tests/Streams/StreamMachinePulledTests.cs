using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>Inputs that MediaMTX pulls itself: they have no id, so their type stands for it.</summary>
public sealed class StreamMachinePulledTests
{
    private const string Type = "rtspSource";

    [Fact]
    public void It_starts_a_worker_and_its_end_ends_it()
    {
        MachineHarness stream = new();
        Assert.Equal(EventOutcome.Applied, stream.Tell(SourceEventKind.Ready, Type, Type, stream.Now));
        Assert.Equal(StreamPhase.Starting, stream.State.Phase);
        stream.Wait(TimeSpan.FromSeconds(9));
        Assert.Equal(EventOutcome.Applied, stream.Tell(SourceEventKind.NotReady, Type, Type, stream.Now));
        Assert.Equal(StreamPhase.Stopping, stream.State.Phase);
        stream.Exited();
        Assert.Equal(StreamPhase.Offline, stream.State.Phase);
    }

    [Fact]
    public void It_comes_back_as_often_as_it_likes()
    {
        MachineHarness stream = new();
        for (int i = 1; i <= 3; i++)
        {
            Assert.Equal(EventOutcome.Applied, stream.Tell(SourceEventKind.Ready, Type, Type, stream.Now));
            Assert.Equal(i, stream.State.Generation);
            stream.Wait(TimeSpan.FromSeconds(5));
            stream.Tell(SourceEventKind.NotReady, Type, Type, stream.Now);
            stream.Exited();
            stream.Wait(TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public void The_poll_confirms_what_the_hook_told_and_does_not_replace_its_worker()
    {
        MachineHarness stream = new();
        DateTimeOffset online = stream.Now;
        stream.Wait(TimeSpan.FromMilliseconds(40));
        stream.Tell(SourceEventKind.Ready, Type, Type, stream.Now);
        stream.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(EventOutcome.Duplicate, Observe(stream, online));
        Assert.Equal(online, stream.State.Input!.OnlineAt);
        Assert.Equal(1, stream.State.Generation);
    }

    [Fact]
    public void The_hook_confirms_what_the_poll_saw_first()
    {
        MachineHarness stream = new();
        Observe(stream, stream.Now);
        stream.Wait(TimeSpan.FromMilliseconds(40));
        Assert.Equal(EventOutcome.Duplicate, stream.Tell(SourceEventKind.Ready, Type, Type, stream.Now));
        Assert.Equal(1, stream.State.Generation);
    }

    [Fact]
    public void A_return_of_which_no_hook_told_is_seen_by_its_time_and_is_no_contest()
    {
        MachineHarness stream = new();
        Observe(stream, stream.Now);
        for (int i = 2; i <= 6; i++)
        {
            stream.Wait(TimeSpan.FromSeconds(2));
            Assert.Equal(EventOutcome.Applied, Observe(stream, stream.Now - TimeSpan.FromSeconds(1)));
            stream.Exited();
            Assert.Equal((StreamPhase.Starting, (long)i), (stream.State.Phase, stream.State.Generation));
        }

        Assert.Empty(stream.State.Takeovers);
    }

    [Fact]
    public void Late_hooks_of_a_former_connection_change_nothing()
    {
        MachineHarness stream = new();
        DateTimeOffset first = stream.Now;
        stream.Tell(SourceEventKind.Ready, Type, Type, first);
        stream.Wait(TimeSpan.FromSeconds(5));
        DateTimeOffset ended = stream.Now;
        stream.Tell(SourceEventKind.NotReady, Type, Type, ended);
        stream.Exited();
        Assert.Equal(EventOutcome.Stale, stream.Tell(SourceEventKind.Ready, Type, Type, first + TimeSpan.FromSeconds(1)));
        stream.Wait(TimeSpan.FromSeconds(5));
        stream.Tell(SourceEventKind.Ready, Type, Type, stream.Now);
        Assert.Equal(EventOutcome.Stale, stream.Tell(SourceEventKind.NotReady, Type, Type, ended + TimeSpan.FromSeconds(1)));
        Assert.Equal(StreamPhase.Starting, stream.State.Phase);
    }

    private static EventOutcome Observe(MachineHarness stream, DateTimeOffset online) =>
        stream.Do(new StreamInput.Observed(new LiveSource(Type, Type, "", online) { OnlineAt = online }, null, stream.Now));
}
