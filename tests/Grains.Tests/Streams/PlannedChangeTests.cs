using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>Make before break: a restart, another profile or a drain starts the next run beside the present one.</summary>
public sealed class PlannedChangeTests
{
    private static readonly StreamInput Restart = new StreamInput.Commanded(StreamCommand.Restart, MayOverlap: true);

    [Fact]
    public void A_restart_starts_the_next_run_first_and_ends_the_former_when_the_output_of_the_next_arrives()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(Restart);
        Assert.Equal(new StreamEffect.StartWorker(2) { Beside = 1 }, stream.LastEffect);
        Assert.Equal((StreamPhase.Running, 1), (stream.State.Phase, stream.State.Generation));
        stream.Do(new StreamInput.WorkerStarted(2, new WorkerProcessInfo(5, stream.Now)));
        Assert.Null(stream.LastLeaving);

        stream.Do(new StreamInput.WorkerProgressed(2));
        Assert.Equal(new LeavingRun(1, null, StopCause.Replaced), stream.LastLeaving);
        Assert.Equal((StreamPhase.Running, 2, 5, null), (stream.State.Phase, stream.State.Generation, stream.State.Worker?.Pid, stream.State.Next));
        Assert.Equal(EventOutcome.Stale, stream.Exited(generation: 1));
    }

    [Fact]
    public void The_end_of_the_former_before_the_next_is_known_to_have_arrived_is_no_failure()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(Restart);
        stream.Exited(generation: 1);
        Assert.Equal((StreamPhase.Starting, 2, 0), (stream.State.Phase, stream.State.Generation, stream.State.Retries));
        Assert.Null(stream.LastEffect);
        stream.Progressed();
        Assert.Equal(StreamPhase.Running, stream.State.Phase);
    }

    [Fact]
    public void A_next_run_that_fails_leaves_the_former_with_its_profile_and_says_why()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(new StreamInput.ProfileChosen("other", MayOverlap: true));
        Assert.Equal("other", stream.State.Profile);
        stream.Exited(generation: 2, reason: "no encoder");
        Assert.Equal((StreamPhase.Running, 1, null, null), (stream.State.Phase, stream.State.Generation, stream.State.Profile, stream.State.Next));
        Assert.Contains("no encoder", stream.State.ChangeProblem, StringComparison.Ordinal);
        Assert.Null(stream.LastLeaving);

        stream.Do(Restart);
        Assert.Equal(new StreamEffect.StartWorker(3) { Beside = 1 }, stream.LastEffect);
        Assert.Null(stream.State.ChangeProblem);
    }

    [Fact]
    public void A_next_run_of_which_nothing_arrives_is_ended_after_its_time()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(Restart);
        Assert.Equal(EventOutcome.Duplicate, stream.Do(new StreamInput.ChangeDue(2)));
        stream.Wait(PlannedChanges.Limit);
        stream.Do(new StreamInput.ChangeDue(2));
        Assert.Equal(new LeavingRun(2, null, StopCause.Replaced), stream.LastLeaving);
        Assert.Equal((StreamPhase.Running, 1), (stream.State.Phase, stream.State.Generation));
        Assert.Contains("within 10 s", stream.State.ChangeProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_the_input_ends_both()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(Restart);
        stream.NotReady("a");
        Assert.Equal(new StreamEffect.StopWorker(1, StopCause.InputGone), stream.LastEffect);
        Assert.Equal(2, stream.LastLeaving?.Generation);
        Assert.Null(stream.State.Next);
    }

    [Fact]
    public void A_worker_that_hangs_while_its_next_starts_is_ended_and_the_next_goes_on()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(Restart);
        stream.Do(new StreamInput.WorkerStalled(1, "hung"));
        Assert.Equal(1, stream.LastLeaving?.Generation);
        Assert.Equal((StreamPhase.Starting, 2), (stream.State.Phase, stream.State.Generation));
    }

    [Fact]
    public void The_loss_of_either_silo_leaves_the_other_run()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(Restart);
        stream.Do(new StreamInput.PlannedRunLost(2));
        Assert.Equal((StreamPhase.Running, 1), (stream.State.Phase, stream.State.Generation));
        stream.Do(Restart);
        stream.Do(new StreamInput.WorkerLost());
        Assert.Equal((StreamPhase.Starting, 3), (stream.State.Phase, stream.State.Generation));
    }

    [Fact]
    public void A_second_change_takes_the_place_of_the_first_and_its_failure_restores_the_first_profile()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(new StreamInput.ProfileChosen("b", MayOverlap: true));
        stream.Do(new StreamInput.ProfileChosen("c", MayOverlap: true));
        Assert.Equal(new StreamEffect.StartWorker(3) { Beside = 1 }, stream.LastEffect);
        Assert.Equal(2, stream.LastLeaving?.Generation);
        stream.Exited(generation: 3);
        Assert.Null(stream.State.Profile);
    }

    [Fact]
    public void A_drain_moves_a_running_stream_once_and_waits_for_one_that_starts()
    {
        MachineHarness stream = new();
        stream.Ready("a");
        Assert.Equal(EventOutcome.Stale, stream.Do(new StreamInput.MoveRequested(1, MayOverlap: true)));
        stream.Progressed();
        Assert.Equal(EventOutcome.Applied, stream.Do(new StreamInput.MoveRequested(1, MayOverlap: true)));
        Assert.Equal(EventOutcome.Duplicate, stream.Do(new StreamInput.MoveRequested(1, MayOverlap: true)));
        Assert.Equal(ChangeCause.Drain, stream.State.Next?.Cause);
    }

    [Fact]
    public void A_profile_that_may_not_overlap_is_stopped_first()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Do(new StreamInput.MoveRequested(1, MayOverlap: false));
        Assert.Equal(new StreamEffect.StopWorker(1, StopCause.Replaced), stream.LastEffect);
        stream.Exited();
        Assert.Equal(new StreamEffect.StartWorker(2), stream.LastEffect);
    }

    [Fact]
    public void The_former_publisher_of_the_output_counts_as_ended_once_the_next_run_is_the_present_one()
    {
        MachineHarness stream = MachineHarness.Running();
        stream.Ready("o1", PathRole.Output);
        stream.Do(Restart);
        stream.Ready("o2", PathRole.Output);
        stream.Do(new StreamInput.WorkerProgressed(2));
        Assert.Equal("o2", stream.State.Output?.Id);
        stream.Do(Restart);
        stream.Exited(generation: 2);
        Assert.Null(stream.State.Output);
        Assert.Equal(EventOutcome.Stale, stream.Ready("o2", PathRole.Output));
    }
}
