using System.Collections.Immutable;
using Streams.Grains.Workers;
using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>While the worker of the chosen profile is down, the audience gets its fallback.</summary>
public sealed class FallbackTests
{
    private readonly MachineHarness _stream = new();

    public FallbackTests()
    {
        _stream.Do(new StreamInput.ProfileChosen("dub"));
        _stream.Ready("a");
    }

    [Fact]
    public void A_worker_that_fails_is_followed_by_the_fallback_at_once()
    {
        _stream.Progressed();
        Fail();
        Assert.Equal(new StreamEffect.StartWorker(2, IfInputIsLive: true), _stream.LastEffect);
        Assert.Equal(("copy", "dub", StreamPhase.Starting), (_stream.State.RunProfile, _stream.State.Profile, _stream.State.Phase));
    }

    [Fact]
    public void One_that_ran_steadily_is_replaced_by_its_own_profile_first()
    {
        _stream.Progressed();
        _stream.Steady();
        Fail();
        Assert.Equal("dub", _stream.State.RunProfile);
        Fail();
        Assert.Equal("copy", _stream.State.RunProfile);
    }

    [Fact]
    public void The_chosen_profile_is_tried_beside_the_fallback_and_takes_over_when_it_arrives()
    {
        FallBack();
        Assert.Equal(EventOutcome.Duplicate, Return());
        _stream.Wait(TimeSpan.FromSeconds(10));
        Assert.Equal(EventOutcome.Applied, Return());
        Assert.Equal(new StreamEffect.StartWorker(3) { Beside = 2 }, _stream.LastEffect);
        Assert.Equal("dub", _stream.State.RunProfile);
        _stream.Do(new StreamInput.WorkerProgressed(3));
        Assert.Equal(2, _stream.LastLeaving?.Generation);
        Assert.Null(_stream.State.Fallback);
    }

    [Fact]
    public void A_try_in_vain_leaves_the_fallback_and_the_next_comes_later()
    {
        FallBack();
        foreach (int pause in new[] { 10, 20, 40, 60, 60 })
        {
            _stream.Wait(TimeSpan.FromSeconds(pause - 1));
            Assert.Equal(EventOutcome.Duplicate, Return());
            _stream.Wait(TimeSpan.FromSeconds(1));
            Assert.Equal(EventOutcome.Applied, Return());
            _stream.Wait(PlannedChanges.Limit);
            _stream.Exited(generation: _stream.State.Next!.Generation);
            Assert.Equal(("copy", "dub", StreamPhase.Running, 2), (_stream.State.RunProfile, _stream.State.Profile, _stream.State.Phase, _stream.State.Generation));
        }
    }

    [Fact]
    public void A_fallback_that_fails_too_leads_to_the_usual_retries_and_in_the_end_to_failure()
    {
        for (int i = 0; i < 20 && _stream.State.Phase != StreamPhase.Failed; i++)
        {
            Fail();
            if (_stream.State.Phase == StreamPhase.Backoff)
            {
                Assert.Equal("dub", _stream.State.RunProfile);
                _stream.Wait(TimeSpan.FromSeconds(10));
                _stream.RetryDue();
            }
        }

        Assert.Equal((StreamPhase.Failed, 3), (_stream.State.Phase, _stream.State.Retries));
    }

    [Fact]
    public void An_input_that_the_profile_cannot_take_is_not_tried_again()
    {
        Fail(RetryHope.None);
        Assert.Equal("copy", _stream.State.RunProfile);
        Assert.Null(_stream.State.Fallback!.ReturnAt);
    }

    [Fact]
    public void A_new_publisher_and_the_end_of_the_stream_begin_with_the_chosen_profile()
    {
        FallBack();
        _stream.Ready("b");
        Assert.Null(_stream.State.Fallback);
        _stream.Exited();
        Assert.Equal(("dub", StreamPhase.Starting), (_stream.State.RunProfile, _stream.State.Phase));
        Fail();
        _stream.NotReady("b");
        _stream.Exited();
        Assert.Equal((StreamPhase.Offline, null), (_stream.State.Phase, _stream.State.Fallback));
    }

    [Fact]
    public void A_drain_moves_the_fallback_as_it_is()
    {
        FallBack();
        _stream.Do(new StreamInput.MoveRequested(2, MayOverlap: true));
        Assert.Equal("copy", _stream.State.RunProfile);
        _stream.Do(new StreamInput.WorkerProgressed(3));
        Assert.Equal("copy", _stream.State.Fallback?.Profile);
    }

    [Fact]
    public void A_restart_tries_the_chosen_profile_at_once_and_keeps_the_fallback_meanwhile()
    {
        FallBack();
        _stream.Do(new StreamInput.Commanded(StreamCommand.Restart, MayOverlap: true));
        Assert.Equal(("dub", "copy"), (_stream.State.RunProfile, _stream.State.Fallback?.Profile));
        _stream.Exited(generation: 3);
        Assert.Equal("copy", _stream.State.RunProfile);
    }

    [Fact]
    public void Where_the_output_is_kept_the_chosen_profile_proves_itself_on_a_path_of_its_own_first()
    {
        FallBackKept();
        Return();
        Assert.Equal(new StreamEffect.StartWorker(3) { Beside = 2 }, _stream.LastEffect);
        Assert.True(_stream.State.Next!.IsAside);
        _stream.Do(new StreamInput.WorkerProgressed(3));
        Assert.Equal((2L, "copy", null), (_stream.State.Generation, _stream.State.Fallback?.Profile, _stream.LastLeaving));
        _stream.Wait(TimeSpan.FromSeconds(9));
        Assert.Equal(EventOutcome.Duplicate, ChangeDue());
        _stream.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(EventOutcome.Applied, ChangeDue());
        Assert.Equal((new StreamEffect.StepIn(3), 2L), (_stream.LastEffect, _stream.State.Generation));
        _stream.Do(new StreamInput.SteppedIn(3, Forwarded));
        Assert.Equal((3L, null, true, Forwarded), (_stream.State.Generation, _stream.State.Fallback, _stream.State.HasSteppedIn, _stream.State.Output));
        Assert.Equal(2, _stream.LastLeaving?.Generation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void One_that_fails_before_it_has_proved_itself_never_reaches_the_audience(int seconds)
    {
        FallBackKept();
        Return();
        _stream.Do(new StreamInput.WorkerStarted(3, new WorkerProcessInfo(7, _stream.Now)));
        _stream.Do(new StreamInput.WorkerProgressed(3));
        _stream.Wait(TimeSpan.FromSeconds(seconds));
        _stream.Exited(generation: 3);
        Assert.Equal((2L, "copy", StreamPhase.Running, 3L), (_stream.State.Generation, _stream.State.RunProfile, _stream.State.Phase, _stream.State.EndedAside));
        Assert.False(_stream.State.Fallback!.IsReturnDirect);
        Assert.Equal(_stream.Now + TimeSpan.FromSeconds(20), _stream.State.Fallback.ReturnAt);
        Assert.Equal(EventOutcome.Stale, _stream.Do(new StreamInput.SteppedIn(3, Forwarded)));
        Assert.Equal(2, _stream.State.Generation);
    }

    [Fact]
    public void One_that_hangs_meanwhile_loses_its_path_and_is_ended()
    {
        FallBackKept();
        Return();
        _stream.Do(new StreamInput.WorkerStalled(3, "hung"));
        Assert.Equal(new LeavingRun(3, null, StopCause.Replaced), _stream.LastStandby);
    }

    [Fact]
    public void One_that_cannot_be_started_there_takes_the_output_over_at_once_the_next_time()
    {
        FallBackKept();
        Return();
        _stream.Exited(generation: 3, reason: "the output is kept with other tracks");
        _stream.Wait(TimeSpan.FromMinutes(1));
        Return();
        Assert.False(_stream.State.Next!.IsAside);
        _stream.Do(new StreamInput.WorkerProgressed(4));
        Assert.Equal((4L, null), (_stream.State.Generation, _stream.State.Fallback));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_goes_on_the_air_at_once_when_the_fallback_ends(bool hasArrived)
    {
        FallBackKept();
        Return();
        if (hasArrived)
        {
            _stream.Do(new StreamInput.WorkerProgressed(3));
        }

        _stream.Exited(generation: 2);
        Assert.Equal((new StreamEffect.StepIn(3), 3L, StreamPhase.Starting), (_stream.LastEffect, _stream.State.Generation, _stream.State.Phase));
        _stream.Do(new StreamInput.WorkerProgressed(3)); // On its own path.
        Assert.Equal(StreamPhase.Starting, _stream.State.Phase);
        _stream.Do(new StreamInput.SteppedIn(3, Forwarded));
        Assert.Equal(StreamPhase.Running, _stream.State.Phase);
    }

    [Fact]
    public void One_that_does_not_get_on_the_air_leaves_the_fallback()
    {
        FallBackKept();
        Return();
        _stream.Do(new StreamInput.WorkerProgressed(3));
        _stream.Wait(TimeSpan.FromSeconds(10));
        ChangeDue();
        _stream.Wait(TimeSpan.FromSeconds(9));
        Assert.Equal(EventOutcome.Duplicate, ChangeDue());
        _stream.Wait(TimeSpan.FromSeconds(1));
        ChangeDue();
        Assert.Equal((2L, null, 3L), (_stream.State.Generation, _stream.State.Next, _stream.LastStandby?.Generation));
    }

    [Fact]
    public void A_drain_does_not_wait_until_it_has_proved_itself()
    {
        FallBackKept();
        Return();
        _stream.Do(new StreamInput.MoveRequested(2, MayOverlap: true));
        Assert.Equal((new StreamEffect.StartWorker(4) { Beside = 2 }, "copy", 3L), (_stream.LastEffect, _stream.State.RunProfile, _stream.LastStandby?.Generation));
        _stream.Do(new StreamInput.MoveRequested(4, MayOverlap: true));
        Assert.Equal(4, _stream.State.Next?.Generation);
    }

    private static LiveSource Forwarded => new("rtspSession", "forwarded", "", default);

    private EventOutcome ChangeDue() => _stream.Do(new StreamInput.ChangeDue(_stream.State.Next!.Generation));

    private void FallBackKept()
    {
        FallBack();
        _stream.Do(new StreamInput.WorkerStarted(2, new WorkerProcessInfo(4711, _stream.Now) { Continuity = new StreamContinuity(ContinuityState.Kept) }));
        _stream.Wait(TimeSpan.FromSeconds(10));
    }

    private void FallBack()
    {
        _stream.Progressed();
        Fail();
        _stream.Progressed();
    }

    private EventOutcome Return() => _stream.Do(new StreamInput.ReturnDue(_stream.State.Generation, MayOverlap: true));

    private void Fail(RetryHope hope = RetryHope.Soon) =>
        _stream.Do(new StreamInput.WorkerExited(_stream.State.Generation, "no encoder", hope, ImmutableArray<string>.Empty) { Fallback = "copy" });
}
