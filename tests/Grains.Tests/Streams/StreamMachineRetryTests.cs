using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>What follows the end of a worker: at once, soon, rarely, never.</summary>
public sealed class StreamMachineRetryTests
{
    [Fact]
    public void A_steady_worker_that_dies_is_replaced_at_once_and_the_delays_follow_if_that_one_fails_too()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Steady();
        stream.Exited();
        Assert.Equal((StreamPhase.Starting, 2L), (stream.State.Phase, stream.State.Generation));
        Assert.Equal(new StreamEffect.StartWorker(2, IfInputIsLive: true), stream.LastEffect);

        foreach (double delay in new[] { 1, 2, 4 })
        {
            stream.Exited();
            Assert.Equal(StreamPhase.Backoff, stream.State.Phase);
            Assert.Equal(stream.Now + TimeSpan.FromSeconds(delay), stream.State.RetryAt);
            stream.Wait(TimeSpan.FromSeconds(delay));
            stream.RetryDue();
        }

        stream.Exited();
        Assert.Equal(StreamPhase.Failed, stream.State.Phase);
    }

    [Fact]
    public void A_steady_worker_that_hangs_is_replaced_at_once_when_it_is_gone()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Steady();
        stream.Do(new StreamInput.WorkerStalled(1, "hung"));
        Assert.Equal(StreamPhase.Stopping, stream.State.Phase);
        stream.Exited();
        Assert.Equal((StreamPhase.Starting, 2L), (stream.State.Phase, stream.State.Generation));
    }

    [Fact]
    public void A_failed_stream_is_tried_again_every_minute_while_its_input_is_live()
    {
        MachineHarness stream = Failed();
        DateTimeOffset downSince = stream.State.DownSince!.Value;
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(stream.Now + TimeSpan.FromSeconds(60), stream.State.RetryAt);
            stream.Wait(TimeSpan.FromSeconds(59));
            stream.RetryDue();
            Assert.Equal(StreamPhase.Failed, stream.State.Phase);
            stream.Wait(TimeSpan.FromSeconds(1));
            stream.RetryDue();
            Assert.Equal(StreamPhase.Starting, stream.State.Phase);
            Assert.Equal(downSince, stream.State.DownSince);
            stream.Exited();
            Assert.Equal(StreamPhase.Failed, stream.State.Phase);
        }

        stream.Wait(TimeSpan.FromSeconds(60));
        stream.RetryDue();
        stream.Progressed();
        Assert.Equal(StreamPhase.Running, stream.State.Phase);
        Assert.Null(stream.State.DownSince);
    }

    [Fact]
    public void When_the_input_goes_a_failed_stream_is_tried_no_more()
    {
        MachineHarness stream = Failed();
        stream.NotReady("a");
        Assert.Equal(StreamPhase.Offline, stream.State.Phase);
        Assert.Null(stream.State.RetryAt);
        Assert.Null(stream.State.DownSince);
    }

    [Fact]
    public void What_nothing_can_help_fails_at_once_and_is_not_tried_again()
    {
        MachineHarness stream = new();
        stream.Ready("a");
        stream.Exited(RetryHope.None);
        Assert.Equal((StreamPhase.Failed, 1L), (stream.State.Phase, stream.State.Generation));
        Assert.Null(stream.State.RetryAt);
    }

    [Fact]
    public void What_a_repair_can_help_fails_at_once_and_is_tried_again_every_minute()
    {
        MachineHarness stream = new();
        stream.Ready("a");
        stream.Exited(RetryHope.AfterRepair);
        Assert.Equal((StreamPhase.Failed, 1L), (stream.State.Phase, stream.State.Generation));
        Assert.Equal(stream.Now + TimeSpan.FromSeconds(60), stream.State.RetryAt);
    }

    [Fact]
    public void A_fault_of_the_machine_uses_up_none_of_the_budget()
    {
        MachineHarness stream = new();
        stream.Ready("a");
        for (int i = 0; i < 20; i++)
        {
            stream.Exited(RetryHope.WhenMachineRecovers);
            Assert.Equal((StreamPhase.Backoff, 0), (stream.State.Phase, stream.State.Retries));
            stream.Wait(TimeSpan.FromSeconds(5));
            stream.RetryDue();
            Assert.Equal(StreamPhase.Starting, stream.State.Phase);
        }
    }

    [Fact]
    public void With_zero_a_failed_stream_is_never_tried_again()
    {
        StreamMachine machine = new(new RetryPolicy(new RetryOptions { FailedEvery = TimeSpan.Zero }), new FallbackOptions());
        MachineHarness stream = new();
        stream.Ready("a");
        StreamDecision decision = machine.Decide(stream.State, new StreamInput.WorkerExited(1, "no such program", RetryHope.AfterRepair, []), stream.Now);
        Assert.Equal(StreamPhase.Failed, decision.State.Phase);
        Assert.Null(decision.State.RetryAt);
    }

    private static MachineHarness Failed()
    {
        MachineHarness stream = new();
        stream.Ready("a");
        for (int i = 0; i < 3; i++)
        {
            stream.Exited();
            stream.Wait(TimeSpan.FromSeconds(4));
            stream.RetryDue();
        }

        stream.Exited();
        Assert.Equal(StreamPhase.Failed, stream.State.Phase);
        return stream;
    }
}
