using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>The standby: a second run on another host, which takes the place of the present one when that is gone.</summary>
public sealed class StandbyTests
{
    private static readonly LiveSource Forwarded = new("rtspSession", "forwarded", "", new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_running_stream_that_wants_one_gets_a_standby_with_a_later_number()
    {
        MachineHarness stream = MachineHarness.Running();
        Assert.Equal(EventOutcome.Applied, Due(stream));
        Assert.Equal(new StreamEffect.StartStandby(2), stream.LastEffect);
        Assert.Equal((2, "b", false), (stream.State.Standby?.Generation, stream.State.Standby?.Host, stream.State.Standby?.IsReady));
        Assert.Equal((StreamPhase.Running, 1), (stream.State.Phase, stream.State.Generation));
        Assert.Equal(EventOutcome.Stale, Due(stream));

        stream.Do(new StreamInput.WorkerStarted(2, new WorkerProcessInfo(5, stream.Now)));
        stream.Do(new StreamInput.WorkerProgressed(2));
        Assert.Equal((true, 5), (stream.State.Standby?.IsReady, stream.State.Standby?.Worker?.Pid));
        Assert.Equal(EventOutcome.Duplicate, stream.Do(new StreamInput.WorkerProgressed(2)));
    }

    [Fact]
    public void An_operators_choice_is_remembered_and_changes_nothing_by_itself()
    {
        MachineHarness stream = WithStandby();
        Assert.Equal(EventOutcome.Applied, stream.Do(new StreamInput.StandbyChosen(StandbyMode.None)));
        Assert.Equal((StandbyMode.None, true, null), (stream.State.StandbyChoice, stream.State.IsKept, stream.LastEffect));
        Assert.NotNull(stream.State.Standby); // It ends when the stream is looked at.
        Assert.Equal(EventOutcome.Duplicate, stream.Do(new StreamInput.StandbyChosen(StandbyMode.None)));
        Assert.Equal(EventOutcome.Applied, stream.Do(new StreamInput.StandbyChosen(null)));
        Assert.Equal((null, false), (stream.State.StandbyChoice, stream.State.IsKept));
    }

    [Fact]
    public void Without_a_host_it_says_why_once_and_tries_again()
    {
        MachineHarness stream = MachineHarness.Running();
        Assert.Equal(EventOutcome.Applied, stream.Do(new StreamInput.StandbyDue(true, null, "full")));
        Assert.Equal("full", stream.State.StandbyTries?.Problem);
        Assert.Equal(EventOutcome.Duplicate, stream.Do(new StreamInput.StandbyDue(true, null, "full")));
        Assert.Equal(EventOutcome.Applied, Due(stream));
        Assert.Null(stream.State.StandbyTries);
    }

    [Theory]
    [InlineData(RetryHope.Soon)]
    [InlineData(RetryHope.WhenMachineRecovers)]
    public void It_takes_the_place_of_a_worker_that_ends(RetryHope hope)
    {
        MachineHarness stream = WithStandby();
        stream.Exited(hope);
        Assert.Equal(new StreamEffect.StepIn(2), stream.LastEffect);
        Assert.Null(stream.LastLeaving);
        Assert.Equal((StreamPhase.Starting, 2, "b", null), (stream.State.Phase, stream.State.Generation, stream.State.Host, stream.State.Standby));
        stream.Do(new StreamInput.SteppedIn(2, Forwarded));
        Assert.Equal((StreamPhase.Running, "forwarded"), (stream.State.Phase, stream.State.Output?.Id));
        Assert.Equal(EventOutcome.Duplicate, stream.Do(new StreamInput.SteppedIn(2, Forwarded)));
    }

    [Fact]
    public void It_takes_the_place_of_a_worker_whose_silo_is_lost_and_that_costs_no_retry()
    {
        MachineHarness stream = WithStandby();
        stream.Do(new StreamInput.WorkerLost());
        Assert.Equal(new StreamEffect.StepIn(2), stream.LastEffect);
        Assert.Equal((StreamPhase.Starting, 2, 0), (stream.State.Phase, stream.State.Generation, stream.State.Retries));
    }

    [Fact]
    public void A_worker_that_hangs_is_told_to_end_and_its_standby_goes_on()
    {
        MachineHarness stream = WithStandby();
        stream.Do(new StreamInput.WorkerStalled(1, "hung"));
        Assert.Equal(new LeavingRun(1, null, StopCause.Stalled), stream.LastLeaving);
        Assert.Equal((StreamPhase.Starting, 2), (stream.State.Phase, stream.State.Generation));
    }

    [Fact]
    public void One_that_stepped_in_by_itself_is_the_present_run_and_the_former_is_told_to_end()
    {
        MachineHarness stream = WithStandby();
        stream.Ready("o1", PathRole.Output);
        Assert.Equal(EventOutcome.Applied, stream.Do(new StreamInput.SteppedIn(2, Forwarded)));
        Assert.Null(stream.LastEffect);
        Assert.Equal(new LeavingRun(1, null, StopCause.Replaced), stream.LastLeaving);
        Assert.Equal((StreamPhase.Running, 2, "forwarded"), (stream.State.Phase, stream.State.Generation, stream.State.Output?.Id));
        Assert.Equal(EventOutcome.Stale, stream.Exited(generation: 1));
        Assert.Equal(EventOutcome.Stale, stream.Ready("o1", PathRole.Output));
        Due(stream);
        Assert.Equal(3, stream.State.Standby?.Generation);
    }

    [Fact]
    public void One_that_is_not_ready_yet_is_ended_when_the_worker_ends_and_the_next_run_is_later_than_it()
    {
        MachineHarness stream = MachineHarness.Running();
        Due(stream);
        stream.Exited();
        Assert.Equal(2, stream.LastStandby?.Generation);
        Assert.Null(stream.State.Standby);
        stream.Wait(TimeSpan.FromSeconds(5));
        stream.RetryDue();
        Assert.Equal(new StreamEffect.StartWorker(3), stream.LastEffect);
        Assert.Equal(2, stream.State.EndedAside);
    }

    [Fact]
    public void Whatever_ends_the_stream_ends_its_standby_in_the_same_decision()
    {
        StreamInput[] ends =
        [
            new StreamInput.Observed(null, null, DateTimeOffset.MaxValue),
            new StreamInput.Observed(new LiveSource("rtmpConn", "other", "", default), null, DateTimeOffset.MaxValue),
            new StreamInput.Commanded(StreamCommand.Stop),
            new StreamInput.Commanded(StreamCommand.Restart),
            new StreamInput.ProfileChosen("other"),
        ];
        foreach (StreamInput end in ends)
        {
            MachineHarness stream = WithStandby();
            stream.Do(end);
            Assert.Equal(StreamPhase.Stopping, stream.State.Phase);
            Assert.Equal(new LeavingRun(2, "b", StopCause.Replaced), stream.LastStandby);
            Assert.Null(stream.State.Standby);
        }
    }

    [Fact]
    public void It_takes_the_output_over_when_the_silo_of_the_present_run_is_drained()
    {
        MachineHarness stream = WithStandby();
        stream.Do(new StreamInput.WorkerSteady(2));
        Assert.Equal(EventOutcome.Applied, stream.Do(new StreamInput.MoveRequested(1, MayOverlap: true)));
        Assert.Equal((new StreamEffect.StepIn(2), 1L, 2L), (stream.LastEffect, stream.State.Generation, stream.State.Next?.Generation));
        Assert.Null(stream.LastLeaving);
        Assert.Equal(EventOutcome.Duplicate, stream.Do(new StreamInput.MoveRequested(1, MayOverlap: true)));
        stream.Do(new StreamInput.SteppedIn(2, Forwarded));
        Assert.Equal((StreamPhase.Running, 2L, "b", true, true), (stream.State.Phase, stream.State.Generation, stream.State.Host, stream.State.HasSteppedIn, stream.State.IsSteady));
        Assert.Equal((new LeavingRun(1, null, StopCause.Replaced), Forwarded), (stream.LastLeaving, stream.State.Output));
    }

    [Fact]
    public void One_that_cannot_take_the_output_over_at_a_drain_leaves_it_to_another_run()
    {
        MachineHarness stream = WithStandby();
        stream.Do(new StreamInput.MoveRequested(1, MayOverlap: true));
        stream.Do(new StreamInput.WorkerStalled(2, "its path was removed"));
        Assert.Equal((1L, 2L, StreamPhase.Running), (stream.State.Generation, stream.LastStandby?.Generation, stream.State.Phase));
        stream.Do(new StreamInput.MoveRequested(1, MayOverlap: true));
        Assert.Equal(new StreamEffect.StartWorker(3) { Beside = 1 }, stream.LastEffect);
    }

    [Fact]
    public void A_planned_change_ends_it_and_its_next_run_is_later_than_it()
    {
        MachineHarness stream = WithStandby();
        stream.Do(new StreamInput.Commanded(StreamCommand.Restart, MayOverlap: true));
        Assert.Equal(new StreamEffect.StartWorker(3) { Beside = 1 }, stream.LastEffect);
        Assert.Equal(2, stream.LastStandby?.Generation);
        Assert.Equal(EventOutcome.Stale, Due(stream));
        Assert.Equal(EventOutcome.Stale, stream.Do(new StreamInput.SteppedIn(2, Forwarded)));
        Assert.Equal(1, stream.State.Generation);
        stream.Do(new StreamInput.WorkerProgressed(3));
        Due(stream);
        Assert.Equal(4, stream.State.Standby?.Generation);
    }

    [Fact]
    public void One_that_fails_is_tried_again_after_the_usual_delays_and_leaves_the_present_run_alone()
    {
        MachineHarness stream = WithStandby();
        stream.Exited(generation: 2, reason: "no encoder");
        Assert.Equal((StreamPhase.Running, 1, 0), (stream.State.Phase, stream.State.Generation, stream.State.Retries));
        Assert.Equal("no encoder", stream.State.StandbyTries?.Problem);
        Assert.Null(stream.LastStandby);
        Assert.Equal(EventOutcome.Duplicate, Due(stream));
        stream.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(EventOutcome.Applied, Due(stream));
        stream.Do(new StreamInput.StandbyLost(3));
        stream.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(EventOutcome.Duplicate, Due(stream));
        stream.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(EventOutcome.Applied, Due(stream));
        stream.Do(new StreamInput.WorkerStalled(4, "hung"));
        Assert.Equal(4, stream.LastStandby?.Generation);
    }

    [Fact]
    public void One_that_ran_steadily_needs_no_delay_and_is_replaced_at_once_should_it_die()
    {
        MachineHarness stream = WithStandby();
        stream.Do(new StreamInput.WorkerSteady(2));
        stream.Exited();
        Assert.Equal((2, true, 0), (stream.State.Generation, stream.State.IsSteady, stream.State.Retries));
    }

    [Fact]
    public void A_worker_that_dies_again_and_again_ends_as_failed_whatever_standbys_there_are()
    {
        MachineHarness stream = MachineHarness.Running();
        for (int i = 0; i < new RetryPolicy(new RetryOptions()).MaxRetries; i++)
        {
            MakeStandby(stream);
            stream.Exited();
            Assert.IsType<StreamEffect.StepIn>(stream.LastEffect);
            stream.Do(new StreamInput.SteppedIn(stream.State.Generation, null));
        }

        MakeStandby(stream);
        stream.Exited();
        Assert.Equal(StreamPhase.Failed, stream.State.Phase);
        Assert.NotNull(stream.LastStandby);
    }

    [Fact]
    public void A_drain_of_its_silo_ends_it_and_the_next_one_follows_at_once()
    {
        MachineHarness stream = WithStandby();
        Assert.Equal(EventOutcome.Applied, stream.Do(new StreamInput.MoveRequested(2, MayOverlap: true)));
        Assert.Equal(2, stream.LastStandby?.Generation);
        Assert.Null(stream.State.Next);
        Assert.Equal(EventOutcome.Applied, Due(stream));
    }

    [Fact]
    public void One_that_is_not_wanted_any_more_ends()
    {
        MachineHarness stream = WithStandby();
        stream.Do(new StreamInput.StandbyDue(false));
        Assert.Equal(2, stream.LastStandby?.Generation);
        Assert.Equal(EventOutcome.Duplicate, stream.Do(new StreamInput.StandbyDue(false)));
    }

    [Fact]
    public void A_run_that_was_a_standby_is_known_as_one_until_the_next_starts()
    {
        MachineHarness stream = WithStandby();
        stream.Exited();
        Assert.True(stream.State.HasSteppedIn);
        stream.Exited(); // Before it has stepped in.
        stream.Wait(TimeSpan.FromSeconds(5));
        Assert.True(stream.State.HasSteppedIn);
        stream.RetryDue();
        Assert.False(stream.State.HasSteppedIn);
    }

    private static EventOutcome Due(MachineHarness stream) => stream.Do(new StreamInput.StandbyDue(true, "b"));

    private static MachineHarness WithStandby()
    {
        MachineHarness stream = MachineHarness.Running();
        MakeStandby(stream);
        return stream;
    }

    private static void MakeStandby(MachineHarness stream)
    {
        Due(stream);
        stream.Do(new StreamInput.WorkerProgressed(stream.State.Standby!.Generation));
    }
}
