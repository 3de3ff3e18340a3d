using Xunit;

namespace Streams.Grains.Tests.Streams;

public sealed class StreamMachineTests
{
    [Fact]
    public void A_ready_source_starts_the_first_generation()
    {
        MachineHarness stream = new();
        Assert.Equal(EventOutcome.Applied, stream.Ready("a"));
        Assert.Equal(StreamPhase.Starting, stream.State.Phase);
        Assert.Equal(new StreamEffect.StartWorker(1), stream.LastEffect);
    }

    [Fact]
    public void First_progress_makes_it_running()
    {
        MachineHarness stream = MachineHarness.Running();
        Assert.Equal(StreamPhase.Running, stream.State.Phase);
        Assert.Equal(4711, stream.State.Worker?.Pid);
    }

    [Fact]
    public void The_end_of_the_source_stops_the_worker_and_its_exit_makes_it_offline()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.NotReady("a");
        Assert.Equal(StreamPhase.Stopping, stream.State.Phase);
        Assert.Equal(new StreamEffect.StopWorker(1, StopCause.InputGone), stream.LastEffect);
        stream.Exited();
        Assert.Equal(StreamPhase.Offline, stream.State.Phase);
        Assert.Null(stream.LastEffect);
    }

    [Fact]
    public void A_repeated_event_changes_nothing()
    {
        MachineHarness stream = new();
        Guid id = Guid.NewGuid();
        stream.Ready("a", eventId: id);
        StreamState before = stream.State;
        Assert.Equal(EventOutcome.Duplicate, stream.Ready("a", eventId: id));
        Assert.Same(before, stream.State);
    }

    [Fact]
    public void A_second_ready_of_the_same_source_starts_nothing()
    {
        MachineHarness stream = MachineHarness.Running();
        Assert.Equal(EventOutcome.Duplicate, stream.Ready("a"));
        Assert.Null(stream.LastEffect);
        Assert.Equal(1, stream.State.Generation);
    }

    [Fact]
    public void The_end_of_a_source_that_is_not_the_current_one_changes_nothing()
    {
        MachineHarness stream = MachineHarness.Running();
        Assert.Equal(EventOutcome.Stale, stream.NotReady("b"));
        Assert.Equal(StreamPhase.Running, stream.State.Phase);
        Assert.Null(stream.LastEffect);
    }

    [Fact]
    public void A_ready_that_comes_after_its_own_end_is_ignored()
    {
        MachineHarness stream = new();
        stream.NotReady("a");
        Assert.Equal(EventOutcome.Stale, stream.Ready("a"));
        Assert.Equal(StreamPhase.Offline, stream.State.Phase);
        Assert.Empty(stream.Effects);
    }

    [Fact]
    public void A_takeover_ends_the_old_worker_before_the_next_generation_starts()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Ready("b");
        Assert.Equal(new StreamEffect.StopWorker(1, StopCause.SourceChanged), stream.LastEffect);
        Assert.Equal(EventOutcome.Stale, stream.NotReady("a"));
        Assert.Equal(StreamPhase.Stopping, stream.State.Phase);
        stream.Exited();
        Assert.Equal(new StreamEffect.StartWorker(2), stream.LastEffect);
        Assert.Equal("b", stream.State.Input?.Id);
    }

    [Fact]
    public void A_late_ready_of_the_source_that_was_taken_over_does_not_take_it_back()
    {
        MachineHarness stream = new();
        DateTimeOffset early = stream.Now;
        stream.Wait(TimeSpan.FromSeconds(1));
        stream.Ready("b");
        Assert.Equal(EventOutcome.Stale, stream.Ready("a", at: early));
        Assert.Equal(EventOutcome.Stale, stream.NotReady("a"));
        Assert.Equal("b", stream.State.Input?.Id);
        Assert.Equal(StreamPhase.Starting, stream.State.Phase);
    }

    [Fact]
    public void The_retry_schedule_is_one_two_four_seconds_then_failed()
    {
        MachineHarness stream = MachineHarness.Running();
        foreach (int seconds in new[] { 1, 2, 4 })
        {
            stream.Exited();
            Assert.Equal(StreamPhase.Backoff, stream.State.Phase);
            Assert.Equal(stream.Now + TimeSpan.FromSeconds(seconds), stream.State.RetryAt);
            stream.Wait(TimeSpan.FromSeconds(seconds));
            stream.RetryDue();
            Assert.Equal(StreamPhase.Starting, stream.State.Phase);
        }

        stream.Exited(reason: "it died for good");
        Assert.Equal(StreamPhase.Failed, stream.State.Phase);
        Assert.Equal("it died for good", stream.State.LastReason);
        Assert.Equal(4, stream.State.Generation);
    }

    [Fact]
    public void A_retry_that_comes_early_starts_nothing()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Exited();
        stream.Wait(TimeSpan.FromSeconds(0.9));
        stream.RetryDue();
        Assert.Equal(StreamPhase.Backoff, stream.State.Phase);
        Assert.Null(stream.LastEffect);
    }

    [Fact]
    public void Steady_progress_makes_the_budget_whole()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Exited();
        stream.Wait(TimeSpan.FromSeconds(1));
        stream.RetryDue();
        stream.Started();
        stream.Progressed();
        Assert.Equal(1, stream.State.Retries);
        stream.Steady();
        Assert.Equal(0, stream.State.Retries);
    }

    [Fact]
    public void A_permanent_failure_is_not_retried()
    {
        MachineHarness stream = new();
        stream.Ready("a");
        stream.Exited(RetryHope.None);
        Assert.Equal(StreamPhase.Failed, stream.State.Phase);
    }

    [Fact]
    public void A_new_source_starts_a_failed_stream_with_a_whole_budget()
    {
        MachineHarness stream = new();
        stream.Ready("a");
        stream.Exited(RetryHope.None);
        stream.Wait(TimeSpan.FromSeconds(1));
        stream.Ready("b");
        Assert.Equal(new StreamEffect.StartWorker(2), stream.LastEffect);
        Assert.Equal(0, stream.State.Retries);
    }

    [Fact]
    public void The_end_of_the_source_during_backoff_makes_it_offline_and_no_retry_follows()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Exited();
        stream.NotReady("a");
        Assert.Equal(StreamPhase.Offline, stream.State.Phase);
        stream.Wait(TimeSpan.FromSeconds(5));
        Assert.Equal(EventOutcome.Stale, stream.RetryDue());
        Assert.Null(stream.LastEffect);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_callback_of_another_generation_is_dropped(long generation)
    {
        MachineHarness stream = MachineHarness.Running();
        StreamState before = stream.State;
        Assert.Equal(EventOutcome.Stale, stream.Exited(generation: generation));
        Assert.Same(before, stream.State);
    }

    [Fact]
    public void A_stalled_worker_is_stopped_and_counts_as_a_failure()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(new StreamInput.WorkerStalled(1, "no progress for 5 s"));
        Assert.Equal(new StreamEffect.StopWorker(1, StopCause.Stalled), stream.LastEffect);
        stream.Exited(reason: "was stopped");
        Assert.Equal(StreamPhase.Backoff, stream.State.Phase);
        Assert.Equal("no progress for 5 s", stream.State.LastReason);
        Assert.Equal(1, stream.State.Retries);
    }

    [Fact]
    public void Output_events_never_start_a_worker()
    {
        MachineHarness stream = new();
        Assert.Equal(EventOutcome.Applied, stream.Ready("o", PathRole.Output));
        Assert.Equal("o", stream.State.Output?.Id);
        Assert.Equal(EventOutcome.Applied, stream.NotReady("o", PathRole.Output));
        Assert.Null(stream.State.Output);
        Assert.Empty(stream.Effects);
    }

    [Fact]
    public void An_operators_stop_outlives_new_sources_until_resumed()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(new StreamInput.Commanded(StreamCommand.Stop));
        Assert.Equal(new StreamEffect.StopWorker(1, StopCause.Operator), stream.LastEffect);
        stream.Exited();
        stream.Ready("b");
        Assert.Equal(StreamPhase.Offline, stream.State.Phase);
        Assert.Null(stream.LastEffect);
        stream.Do(new StreamInput.Commanded(StreamCommand.Resume));
        Assert.Equal(new StreamEffect.StartWorker(2), stream.LastEffect);
    }

    [Fact]
    public void An_operators_restart_gives_a_failed_stream_a_new_worker()
    {
        MachineHarness stream = new();
        stream.Ready("a");
        stream.Exited(RetryHope.None);
        stream.Do(new StreamInput.Commanded(StreamCommand.Restart));
        Assert.Equal(new StreamEffect.StartWorker(2), stream.LastEffect);
    }
}
