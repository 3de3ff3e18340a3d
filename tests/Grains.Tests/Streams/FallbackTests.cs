using System.Collections.Immutable;
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
