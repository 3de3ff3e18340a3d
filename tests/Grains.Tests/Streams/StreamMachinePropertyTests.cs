using System.Collections.Immutable;
using CsCheck;
using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>Random lives of a stream: what must hold whatever happens, in whatever order, with crashes between.</summary>
public sealed class StreamMachinePropertyTests
{
    private static readonly string[] Sources = ["a", "b", "c"];

    private enum Act
    {
        Ready, NotReady, OutputReady, OutputGone, ObserveTruth, Started, Progressed, Steady, Stalled, Exited, OldExited,
        PermanentExit, UnrepairedExit, MachineExit, Wait, RetryDue, Stop, Resume, Restart, Profile, Crash, CrashOfHost, CrashOfNextHost,
        PlannedRestart, PlannedProfile, Move, MoveStoppedFirst, NextStarted, NextProgressed, NextStalled, NextExited, ChangeDue, LeavingExited, ExitedWithFallback, ReturnDue, ReturnStoppedFirst, OutputSilent, OutputResumed,
        StandbyDue, StandbyNoHost, StandbyUnwanted, StandbyProgressed, StandbySteady, StandbyStalled, StandbyExited, CrashOfStandbyHost, MoveStandby,
        StandbyStepsIn, EndedStandbyStepsIn, OrderedStepIn, KeptStarted, NextStepsIn, NextSteady, MoveNext,
    }

    private static readonly Gen<(Act Act, int Source)[]> Lives =
        Gen.Select(Gen.Enum<Act>(), Gen.Int[0, Sources.Length - 1]).Array[1, 80];

    [Fact]
    public void One_generation_works_and_each_is_known_gone_before_the_next_starts_unless_that_takes_over_from_it() =>
        Lives.Sample(static life => new Life().Play(life), iter: 20_000);

    [Fact]
    public void The_same_holds_on_the_way_back_from_a_fallback() =>
        Lives.Sample(static life =>
        {
            Life stream = new();
            stream.FallBack();
            stream.Play(life);
            stream.Settle();
        }, iter: 20_000);

    [Fact]
    public void After_quiet_a_worker_runs_if_and_only_if_one_is_wanted() =>
        Lives.Sample(static life =>
        {
            Life stream = new();
            stream.Play(life);
            stream.Settle();
        }, iter: 20_000);

    [Fact]
    public void The_state_does_not_grow() =>
        Lives.Sample(static life =>
        {
            Life stream = new();
            for (int i = 0; i < 20; i++)
            {
                stream.Play(life);
            }

            Assert.True(stream.State.EndedSources.Length <= StreamState.MaxEndedSources);
            Assert.True(stream.State.RecentEvents.Length <= StreamState.MaxRecentEvents);
            Assert.True(stream.State.Takeovers.Length <= StreamState.MaxTakeovers);
            Assert.True(stream.State.Day.Length <= OutputDay.MaxSpans + 1);
        }, iter: 200);

    /// <summary>The machine with a model of the world around it: which process lives, what MediaMTX would show.</summary>
    private sealed class Life
    {
        private readonly StreamMachine _machine = new(new RetryPolicy(new RetryOptions()), new FallbackOptions { ProveFor = TimeSpan.FromSeconds(2), FirstPause = TimeSpan.FromSeconds(1) }) { KeepFor = TimeSpan.FromSeconds(1) };
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        /// <summary>Runs that live, and those of them that were told to end in a planned change.</summary>
        private readonly HashSet<long> _alive = [];
        private readonly HashSet<long> _leaving = [];
        private long _highest;

        /// <summary>The latest run that has published the output, as the media server lets it; and runs whose side path was removed, which cannot step in.</summary>
        private long _published;
        private readonly HashSet<long> _fenced = [];
        private string? _truth;

        public StreamState State { get; private set; } = new();

        private long? Living => _alive.Contains(State.Generation) ? State.Generation : null;

        private long? Next => State.Next?.Generation;

        private long? Standby => State.Standby?.Generation;

        private HashSet<long> Working => [.. _alive.Except(_leaving)];

        public void Play((Act Act, int Source)[] life)
        {
            foreach ((Act act, int source) in life)
            {
                _now += TimeSpan.FromMilliseconds(7);
                Play(act, Sources[source]);
            }
        }

        /// <summary>A stream with a kept output is on its fallback, and its chosen profile works beside that.</summary>
        public void FallBack()
        {
            Act[] way = [Act.Ready, Act.Progressed, Act.ExitedWithFallback, Act.KeptStarted, Act.Progressed, Act.Wait, Act.ReturnDue, Act.NextProgressed];
            Play([.. way.Select(static act => (act, 0))]);
            Assert.True(State is { Fallback: not null, Next: { IsAside: true, ArrivedAt: not null } });
        }

        /// <summary>Nothing more happens but what follows by itself: MediaMTX is polled, told stops end, due retries come.</summary>
        public void Settle()
        {
            for (int i = 0; i < 6; i++)
            {
                _now += TimeSpan.FromSeconds(5);
                Observe();
                if (State.Phase == StreamPhase.Stopping)
                {
                    Exit(State.Generation, RetryHope.Soon);
                }

                Do(new StreamInput.RetryDue(State.Generation));
                Do(new StreamInput.ChangeDue(Next ?? 0));
            }

            bool wanted = _truth is not null && !State.Held;
            Assert.Equal(_truth, State.Input?.Id);
            Assert.Equal(wanted ? StreamOrder.Run : StreamOrder.Stop, State.Order);
            Assert.Equal(wanted && State.Phase != StreamPhase.Failed, Working.Count(run => run != Standby) == 1);
            Assert.Contains(State.Phase, wanted ? [StreamPhase.Starting, StreamPhase.Running, StreamPhase.Failed] : new[] { StreamPhase.Offline });
        }

        private void Play(Act act, string source)
        {
            switch (act)
            {
                case Act.Ready:
                    _truth = source;
                    Event(SourceEventKind.Ready, source, PathRole.Input);
                    break;
                case Act.NotReady:
                    _truth = _truth == source ? null : _truth;
                    Event(SourceEventKind.NotReady, source, PathRole.Input);
                    break;
                case Act.OutputReady:
                    Event(SourceEventKind.Ready, "out-" + source, PathRole.Output);
                    break;
                case Act.OutputGone:
                    Event(SourceEventKind.NotReady, "out-" + source, PathRole.Output);
                    break;
                case Act.ObserveTruth:
                    Observe();
                    break;
                case Act.Started:
                    Do(new StreamInput.WorkerStarted(Living ?? State.Generation, new WorkerProcessInfo(99, _now)));
                    break;
                case Act.Progressed:
                    if (Living is { } worker && !State.HasSteppedIn)
                    {
                        Publish(worker);
                    }

                    Do(new StreamInput.WorkerProgressed(State.Generation));
                    break;
                case Act.Steady:
                    Do(new StreamInput.WorkerSteady(State.Generation));
                    break;
                case Act.Stalled:
                    Do(new StreamInput.WorkerStalled(State.Generation, "hung"));
                    break;
                case Act.Exited when Living is { } living:
                    Exit(living, RetryHope.Soon);
                    break;
                case Act.PermanentExit when Living is { } living:
                    Exit(living, RetryHope.None);
                    break;
                case Act.UnrepairedExit when Living is { } living:
                    Exit(living, RetryHope.AfterRepair);
                    break;
                case Act.MachineExit when Living is { } living:
                    Exit(living, RetryHope.WhenMachineRecovers);
                    break;
                case Act.OldExited:
                    Do(new StreamInput.WorkerExited(State.Generation - 1, "late", RetryHope.Soon, ImmutableArray<string>.Empty));
                    break;
                case Act.Wait:
                    _now += TimeSpan.FromSeconds(1.5);
                    break;
                case Act.RetryDue:
                    Do(new StreamInput.RetryDue(State.Generation));
                    break;
                case Act.Stop:
                    Do(new StreamInput.Commanded(StreamCommand.Stop));
                    break;
                case Act.Resume:
                    Do(new StreamInput.Commanded(StreamCommand.Resume));
                    break;
                case Act.Restart:
                    Do(new StreamInput.Commanded(StreamCommand.Restart));
                    break;
                case Act.Profile:
                    Do(new StreamInput.ProfileChosen(source));
                    break;
                case Act.Crash:
                    if (Next is { } ofTheSame)
                    {
                        _alive.Remove(ofTheSame);
                        Do(new StreamInput.PlannedRunLost(ofTheSame)); // Told first.
                    }

                    if (Standby is { } lost)
                    {
                        _alive.Remove(lost);
                        Do(new StreamInput.StandbyLost(lost)); // As well.
                    }

                    _alive.Clear(); // The kernel kills workers with their silo.
                    Do(new StreamInput.WorkerLost(source == "a" ? null : _now - TimeSpan.FromSeconds(1))); // A single silo knows when it was last there.
                    break;
                case Act.CrashOfHost:
                    _alive.Remove(State.Generation);
                    Do(new StreamInput.WorkerLost());
                    break;
                case Act.CrashOfNextHost when Next is { } next:
                    _alive.Remove(next);
                    Do(new StreamInput.PlannedRunLost(next));
                    break;
                case Act.PlannedRestart:
                    Do(new StreamInput.Commanded(StreamCommand.Restart, MayOverlap: true));
                    break;
                case Act.PlannedProfile:
                    Do(new StreamInput.ProfileChosen(source, MayOverlap: true));
                    break;
                case Act.Move:
                    Do(new StreamInput.MoveRequested(State.Generation, MayOverlap: true));
                    break;
                case Act.MoveStoppedFirst:
                    Do(new StreamInput.MoveRequested(State.Generation, MayOverlap: false));
                    break;
                case Act.NextStarted when Next is { } next:
                    Do(new StreamInput.WorkerStarted(next, new WorkerProcessInfo(100, _now)));
                    break;
                case Act.KeptStarted:
                    Do(new StreamInput.WorkerStarted(Living ?? State.Generation, new WorkerProcessInfo(99, _now) { Continuity = new StreamContinuity(ContinuityState.Kept) }));
                    break;
                case Act.NextSteady when Next is { } next:
                    Do(new StreamInput.WorkerSteady(next));
                    break;
                case Act.NextStepsIn when State.Next is { IsAside: true, ArrivedAt: not null } next:
                    StepIn(next.Generation); // As ordered, or since it saw nobody publish the output.
                    Assert.Equal((next.Generation, StreamPhase.Running, null), (State.Generation, State.Phase, Next));
                    break;
                case Act.MoveNext when Next is { } next:
                    Do(new StreamInput.MoveRequested(next, MayOverlap: true));
                    break;
                case Act.NextProgressed when Next is { } next:
                    if (!State.Next!.IsAside)
                    {
                        Publish(next);
                    }

                    Do(new StreamInput.WorkerProgressed(next));
                    break;
                case Act.NextStalled when Next is { } next:
                    Do(new StreamInput.WorkerStalled(next, "hung"));
                    break;
                case Act.NextExited when Next is { } next:
                    Exit(next, RetryHope.Soon);
                    break;
                case Act.ChangeDue:
                    Do(new StreamInput.ChangeDue(Next ?? 0));
                    break;
                case Act.ExitedWithFallback when Living is { } living:
                    _alive.Remove(living);
                    Do(new StreamInput.WorkerExited(living, "died", RetryHope.Soon, ImmutableArray<string>.Empty) { Fallback = "copy" });
                    break;
                case Act.ReturnDue:
                    Do(new StreamInput.ReturnDue(State.Generation, MayOverlap: true));
                    break;
                case Act.ReturnStoppedFirst:
                    Do(new StreamInput.ReturnDue(State.Generation, MayOverlap: false));
                    break;
                case Act.OutputSilent:
                    Do(new StreamInput.OutputInterrupted(_now));
                    break;
                case Act.OutputResumed:
                    Do(new StreamInput.OutputResumed(TimeSpan.FromSeconds(1)) { At = source == "a" ? null : _now - TimeSpan.FromSeconds(source == "b" ? 0.5 : -3) });
                    break;
                case Act.StandbyDue:
                    Do(new StreamInput.StandbyDue(true, "b"));
                    break;
                case Act.StandbyNoHost:
                    Do(new StreamInput.StandbyDue(true, null, source));
                    break;
                case Act.StandbyUnwanted:
                    Do(new StreamInput.StandbyDue(false));
                    break;
                case Act.StandbyProgressed when Standby is { } standby:
                    Do(new StreamInput.WorkerProgressed(standby));
                    break;
                case Act.StandbySteady when Standby is { } standby:
                    Do(new StreamInput.WorkerSteady(standby));
                    break;
                case Act.StandbyStalled when Standby is { } standby:
                    Do(new StreamInput.WorkerStalled(standby, "hung"));
                    break;
                case Act.StandbyExited when Standby is { } standby:
                    Exit(standby, RetryHope.Soon);
                    break;
                case Act.CrashOfStandbyHost when Standby is { } standby:
                    _alive.Remove(standby);
                    Do(new StreamInput.StandbyLost(standby));
                    break;
                case Act.MoveStandby when Standby is { } standby:
                    Do(new StreamInput.MoveRequested(standby, MayOverlap: true));
                    break;
                case Act.StandbyStepsIn when State.Standby is { IsReady: true } standby:
                    StepIn(standby.Generation);
                    Assert.Equal((standby.Generation, StreamPhase.Running), (State.Generation, State.Phase));
                    break;
                case Act.EndedStandbyStepsIn when _fenced.FirstOrDefault(_alive.Contains) is > 0 and var late:
                    (long Generation, StreamPhase Phase) before = (State.Generation, State.Phase);
                    StepIn(late);
                    Assert.Equal(before, (State.Generation, State.Phase));
                    break;
                case Act.OrderedStepIn when State.HasSteppedIn && _alive.Contains(State.Generation):
                    StepIn(State.Generation);
                    break;
                case Act.LeavingExited when _leaving.Overlaps(_alive):
                    Exit(_leaving.First(_alive.Contains), RetryHope.Soon);
                    break;
            }
        }

        /// <summary>A run takes the output over at the media server, if that still has its path, and reports it.</summary>
        private void StepIn(long generation)
        {
            if (!_fenced.Contains(generation))
            {
                Publish(generation);
            }

            Do(new StreamInput.SteppedIn(generation, new LiveSource("rtspSession", $"forward-{generation}", "", _now)));
        }

        private void Publish(long generation)
        {
            Assert.True(generation >= _published, $"run {generation} publishes after run {_published}");
            _published = generation;
        }

        private void Observe() => Do(new StreamInput.Observed(_truth is null ? null : new LiveSource("rtmpConn", _truth, "", _now), null, _now));

        private void Exit(long generation, RetryHope hope)
        {
            _alive.Remove(generation);
            Do(new StreamInput.WorkerExited(generation, "died", hope, ImmutableArray<string>.Empty));
        }

        private void Event(SourceEventKind kind, string source, PathRole role) => Do(new StreamInput.SourceChanged(new SourceEvent
        {
            EventId = Guid.NewGuid(),
            Kind = kind,
            Path = new StreamPath(MachineHarness.Id, role),
            Source = new MediaSource("rtmpConn", source),
            OccurredAt = _now,
        }));

        private void Do(StreamInput input)
        {
            StreamState before = State;
            StreamDecision decision = _machine.Decide(before, input, _now);
            State = decision.State;
            Assert.True(StreamTransitions.IsLegal(before.Phase, State.Phase));
            Assert.True(State.Generation >= before.Generation);
            if (decision.Leaving is { } leaving)
            {
                Assert.NotEqual(State.Generation, leaving.Generation);
                Assert.NotEqual(Next, leaving.Generation);
                _leaving.Add(leaving.Generation);
            }

            if (decision.LeavingAside is { } ended)
            {
                Assert.Null(State.Standby);
                Assert.NotEqual(State.Generation, ended.Generation);
                Assert.NotEqual(Next, ended.Generation);
                _leaving.Add(ended.Generation);
                _fenced.Add(ended.Generation);
            }

            if (before.Next is { IsAside: true, Generation: var dropped } && dropped != Next && dropped != State.Generation)
            {
                Assert.True(_fenced.Contains(dropped) || !_alive.Contains(dropped));
                Assert.Equal(dropped, State.EndedAside);
            }

            if (decision.Effect is StreamEffect.StartStandby begun)
            {
                Assert.Equal([State.Generation], Working);
                Assert.True(begun.Generation > _highest && begun.Generation == Standby);
                _highest = begun.Generation;
                _alive.Add(begun.Generation);
            }

            if (decision.Effect is StreamEffect.StepIn step)
            {
                Assert.Equal(Next ?? State.Generation, step.Generation);
                Assert.Contains(step.Generation, new[] { before.Standby?.Generation, before.Next?.Generation });
                Assert.True(before.Standby is { IsReady: true } || before.Next is { IsAside: true });
            }

            if (decision.Effect is StreamEffect.StartWorker start)
            {
                Assert.Equal(start.Beside is { } former ? [former] : [], Working);
                Assert.True(start.Beside is null || start.Beside == State.Generation);
                Assert.True(start.Generation > _highest);
                Assert.Equal(StreamOrder.Run, State.Order);
                _highest = start.Generation;
                _alive.Add(start.Generation);
                _fenced.UnionWith(State.EndedAside > 0 ? [State.EndedAside] : []);
            }

            Assert.True(State.Fallback is null || State.Phase != StreamPhase.Offline);
            Assert.True(Standby is null || (State.Phase == StreamPhase.Running && Next is null && Standby > State.Generation));
            Assert.True(State.StandbyTries is null || State.Phase == StreamPhase.Running);
            Assert.True(Next is null || (State.Phase == StreamPhase.Running && Next > State.Generation));
            if (State.Phase is StreamPhase.Starting or StreamPhase.Running)
            {
                Assert.Equal(StreamOrder.Run, State.Order);
                Assert.Equal((Next ?? Standby) is { } second ? [State.Generation, second] : [State.Generation], Working.Order());
            }

            if (State.Phase is StreamPhase.Offline or StreamPhase.Backoff or StreamPhase.Failed)
            {
                Assert.Empty(Working);
            }

            Assert.True(State.Phase != StreamPhase.Backoff || State.RetryAt is not null);
            Assert.True(State.Phase is StreamPhase.Backoff or StreamPhase.Failed || State.RetryAt is null);
            Assert.True(State.DownSince is null || State.Phase is not (StreamPhase.Running or StreamPhase.Offline));
            Assert.True(!State.IsSteady || State.HasWorker || State.Phase is StreamPhase.Backoff or StreamPhase.Failed or StreamPhase.Offline);
            Assert.Equal(State.Phase == StreamPhase.Stopping, State.StopCause is not null);
            AssertFollowed();
        }

        /// <summary>What the audience gets is recorded in order, and an output that works is never taken for one that is away.</summary>
        private void AssertFollowed()
        {
            Assert.Equal(State.Day.Select(static span => span.Since).Order(), State.Day.Select(static span => span.Since));
            Assert.Distinct(State.Day.Select(static span => span.Since));
            OutputShows shown = OutputDay.ShownAt(State.Day, _now);
            Assert.True(!State.Held || !State.Exists || shown == OutputShows.Stopped);
            Assert.True(State is not { Phase: StreamPhase.Running, SilentSince: null } || shown is OutputShows.Live or OutputShows.Fallback);
            Assert.True(State.Audience?.AwaySince is null || shown is OutputShows.Slate or OutputShows.Dark);
            Assert.True(State.SilentSince is null || State.Phase == StreamPhase.Running);
        }
    }
}
