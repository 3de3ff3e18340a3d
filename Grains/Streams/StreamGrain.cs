using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Runtime;
using Streams.Grains.Feed;
using Streams.Grains.Hosts;
using Streams.Grains.Store;
using Streams.Grains.Telemetry;
using Streams.Grains.Watch;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>
/// One stream: receives what happens, lets the machine decide, saves, then acts. It never waits for a worker: a worker's life, its
/// stop and the back-off are phases. It holds no process, and may be activated anew on any silo at any moment: the host of its
/// worker's silo is named in its state, and a new activation goes on with the run that it finds there.
/// </summary>
[CollectionAgeLimit(Minutes = 5)] // An offline stream costs no memory: its row says all.
internal sealed class StreamGrain : Grain, IStreamGrain, IWorkerEvents, IObservedStream
{
    private readonly StreamId _id;
    private readonly WorkerProfiles _profiles;
    private readonly StreamMachine _machine;
    private readonly TimeProvider _time;
    private readonly SavedStream _saved;
    private readonly PlacedRuns _runs;
    private readonly RunPlacement _placement;
    private readonly StreamWorker _worker;
    private readonly StreamTimers _timers;
    private readonly StatusProjection _status;
    private readonly HistoryRecorder _history;
    private readonly MeasureRecorder _measures;
    private readonly StreamLog _log;
    private readonly OutputWatch _output;
    private readonly NodeWatches _nodes;
    private readonly PollMarks _marks;

    /// <summary>When the silo before this one was last there, if a store tells.</summary>
    private readonly DateTimeOffset? _formerlyUsedAt;

    /// <summary>The state that timers and what others see were last brought in line with.</summary>
    private StreamState? _followed;

    /// <summary>The trace of what last changed what the stream wants: its worker's start and retries belong to it.</summary>
    private ActivityContext _trace = StreamsTracing.Read(null);

    public StreamGrain(
        IStreamStore store,
        HistoryLog history,
        StreamMachine machine,
        IWorkerHost workers,
        WorkerHosts hosts,
        WorkerProfiles profiles,
        OpenOutputs openOutputs,
        FeedOutbox feed,
        NodeWatches nodes,
        StreamInstruments instruments,
        TimeProvider time,
        ILogger<StreamGrain> logger)
    {
        _id = StreamId.Parse(this.GetPrimaryKeyString());
        (_profiles, _machine, _time) = (profiles, machine, time);
        _runs = new PlacedRuns(_id, workers, hosts, time);
        _placement = new RunPlacement(_id, hosts, profiles, nodes, time);
        _worker = new StreamWorker(_id, _runs, _placement, profiles, openOutputs, nodes);
        _saved = new SavedStream(_id, store, time, state => _worker.Match(NodeDecisions.Rename(state, nodes.NameOf)));
        (_nodes, _marks, _formerlyUsedAt) = (nodes, new PollMarks(time), store.FormerlyUsedAt);
        _timers = new StreamTimers(this, ApplyDue, () => MayOverlap(State.Profile), time);
        _status = new StatusProjection(_id, profiles.Default, _runs, feed, time);
        _history = new HistoryRecorder(_id, history, feed, time);
        _measures = new MeasureRecorder(instruments);
        _log = new StreamLog(_id, logger);
        _output = new OutputWatch(time);
    }

    private StreamState State => _saved.State;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _saved.Read();
            await MatchWorker();
            FollowState();
            BeginWatch(isActivation: true);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or StreamDamagedException)
        {
            // Every call tries again, and tells its caller why it cannot be answered.
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _status.Forget();
        _worker.Forget();
        return Task.CompletedTask;
    }

    public async Task<EventReceipt> Receive(SourceEvent sourceEvent)
    {
        sourceEvent = sourceEvent with { Node = _nodes.NameOf(sourceEvent.Node) };
        ActivityContext parent = StreamsTracing.Read(sourceEvent.TraceParent);
        using Activity? step = StreamsTracing.Start("receive event", parent, _id);
        ActivityContext trace = step?.Context ?? parent;
        using IDisposable? scope = _log.Begin(sourceEvent, trace);
        EventOutcome outcome = await Apply(new StreamInput.SourceChanged(sourceEvent), new InputOrigin(trace));
        step?.SetTag("streams.outcome", outcome.ToString()).SetTag("streams.generation", State.Generation);
        _measures.TimeEvent(sourceEvent, outcome, State);
        _worker.ReportEvent(sourceEvent, State);
        if (sourceEvent is { Path.Role: PathRole.Output, Kind: SourceEventKind.NotReady } && State.Order == StreamOrder.Run)
        {
            BeginWatch(); // This activation may be younger than the interruption.
            _nodes.WatchClosely(State.Node);
        }

        _log.LogEvent(sourceEvent.Kind, sourceEvent.Path.Role, outcome, State.Phase, State.Generation);
        return new EventReceipt(_id, outcome, State.Phase, State.Generation);
    }

    public async Task<bool> Observe(StreamObservation observation)
    {
        await _saved.TryEnsureKnown();
        string node = _nodes.NameOf(observation.Node);
        bool isOwn = NodeDecisions.ConcernsOutput(State, node);
        bool looksDifferent = isOwn && _status.Record(observation);
        if (!_saved.IsKnown && isOwn)
        {
            _worker.ReportPaths(observation, State); // The store is away; whether the worker hangs is seen all the same.
            _status.Publish(State, isSaved: false);
        }

        await MatchWorker();
        (bool? isNews, bool isToAsk) = _marks.Judge(node, observation.Poll);
        StreamInput.Observed seen = new(observation.Input?.Source, observation.Output?.Source, observation.AskedAt) { Node = node, IsNews = isNews };
        EventOutcome outcome = await Apply(seen, new InputOrigin(StreamsTracing.Read(null)));
        if (isToAsk)
        {
            Mark(node).Ignore();
        }

        if (isOwn)
        {
            _worker.ReportPaths(observation, State);
            await WatchOutput(observation.Output);
            await MatchStandby();
        }

        if (State.Next is { IsAside: false } or { OrderedAt: not null } || _output.IsToBeWatchedClosely)
        {
            _nodes.WatchClosely(State.Node);
        }

        if (seen.Input is { } rival && State.Conflicts.Any(rival.IsSameAs))
        {
            _nodes.EndConflict(rival);
        }

        if (looksDifferent && outcome != EventOutcome.Applied)
        {
            _saved.FollowClock();
            _status.Publish(State, isCount: true);
        }

        return outcome == EventOutcome.Applied;
    }

    public Task<bool> Started(long generation, WorkerProcessInfo process) => ApplyReport(new StreamInput.WorkerStarted(generation, process), generation);

    public Task<bool> Progressed(long generation) => ApplyReport(new StreamInput.WorkerProgressed(generation), generation);

    public Task<bool> Steady(long generation) => ApplyReport(new StreamInput.WorkerSteady(generation), generation);

    public Task<bool> Stalled(long generation, string reason) => ApplyReport(new StreamInput.WorkerStalled(generation, reason), generation);

    public Task<bool> SteppedIn(long generation, LiveSource output) => ApplyReport(new StreamInput.SteppedIn(generation, output), generation);

    public async Task Missed(long generation, TimeSpan took, DateTimeOffset until)
    {
        await _saved.EnsureKnown();
        if (State.Wants(generation) && _output.HasMissed(until, took))
        {
            await Apply(new StreamInput.OutputResumed(took) { At = until });
        }
    }

    public async Task<bool> Owns(long generation)
    {
        try
        {
            await _saved.EnsureKnown();
        }
        catch (Exception unknown) when (unknown is StoreUnavailableException or StreamDamagedException)
        {
            return true; // What cannot be read ends no worker.
        }

        return State.Wants(generation);
    }

    public async Task Exited(long generation, WorkerExit exit)
    {
        EventOutcome outcome = await Apply(new StreamInput.WorkerExited(generation, exit.Reason, exit.Hope, exit.Log) { Fault = exit.Fault, Fallback = _profiles.FallbackOf(State.Profile) });
        _history.RecordExit(generation, exit, outcome);
    }

    public async Task<MoveAnswer> Move(long generation, bool waits)
    {
        await _saved.EnsureKnown();
        if (!State.Wants(generation))
        {
            return MoveAnswer.Gone;
        }

        bool needsAnother = generation == State.Generation && State.Standby is not { IsReady: true };
        if (needsAnother && !_placement.CanMove(State))
        {
            return MoveAnswer.NoRoom;
        }

        EventOutcome outcome = await Apply(new StreamInput.MoveRequested(generation, MayOverlap(State.RunProfile), waits));
        return outcome == EventOutcome.Stale ? MoveAnswer.NotYet : MoveAnswer.Moving;
    }

    public async Task<StreamStatus?> GetStatus()
    {
        await _saved.TryEnsureKnown();
        if (State.Exists)
        {
            if (State.HasWorker)
            {
                await _runs.Refresh(State.Present);
            }

            return StatusNow();
        }

        DeactivateOnIdle(); // Whoever asks for ids that never existed must not fill the memory with them.
        return null;
    }

    public async Task<bool> HoldsRunKey(string key, bool toPublish)
    {
        await _saved.TryEnsureKnown();
        if (!State.Exists)
        {
            DeactivateOnIdle();
        }

        return State.Exists && await _worker.IsKeyOf(State, key, toPublish);
    }

    public async Task<CommandReceipt> Command(StreamCommand command, CallOrigin origin)
    {
        await _saved.EnsureKnown();
        return await ApplyOrder(new StreamInput.Commanded(command, MayOverlap(State.Profile)), OperatorDecisions.FindObjection(State, command), origin);
    }

    public async Task<CommandReceipt> ChooseProfile(string? profile, CallOrigin origin)
    {
        await _saved.EnsureKnown();
        bool isKnown = profile is null || _profiles.Names.Contains(profile, StringComparer.Ordinal);
        string? objection = isKnown ? null : $"There is no worker profile '{profile}'; there are: {string.Join(", ", _profiles.Names)}.";
        return await ApplyOrder(new StreamInput.ProfileChosen(profile, isKnown && MayOverlap(profile)), objection, origin, mayBeNew: profile is not null);
    }

    public async Task<CommandReceipt> ChooseStandby(StandbyMode? mode, CallOrigin origin)
    {
        await _saved.EnsureKnown();
        return await ApplyOrder(new StreamInput.StandbyChosen(mode), null, origin, mayBeNew: mode is not null);
    }

    public async Task<CommandReceipt> Drop()
    {
        StreamStatus? last = null;
        try
        {
            await _saved.Read();
            last = State.Exists ? StatusNow() : null;
            if (State.IsLive || State.Phase != StreamPhase.Offline)
            {
                return new CommandReceipt(last, "Somebody publishes the stream, or it has a worker: it can be forgotten when it is offline.");
            }
        }
        catch (StreamDamagedException)
        {
            // Whatever it was: it is not to be known any more.
        }

        await _saved.Drop();
        _status.Forget();
        DeactivateOnIdle();
        return new CommandReceipt(last);
    }

    /// <param name="order">The order.</param>
    /// <param name="objection">Why it cannot be obeyed; null when it can.</param>
    /// <param name="origin">Who gives it.</param>
    /// <param name="mayBeNew">Whether it may be about a stream that never existed: a profile or a standby is chosen before the first publish too.</param>
    private async Task<CommandReceipt> ApplyOrder(StreamInput order, string? objection, CallOrigin origin, bool mayBeNew = false)
    {
        if (!State.Exists && (!mayBeNew || objection is not null))
        {
            DeactivateOnIdle();
            return new CommandReceipt(null, mayBeNew ? objection : null);
        }

        if (objection is not null)
        {
            return new CommandReceipt(StatusNow(), objection);
        }

        ActivityContext parent = StreamsTracing.Read(origin.TraceParent);
        using Activity? step = StreamsTracing.Start("execute command", parent, _id);
        await Apply(order, new InputOrigin(step?.Context ?? parent, origin.By));
        await _history.Flush();
        return new CommandReceipt(StatusNow());
    }

    /// <summary>Decides, saves, then acts. When saving fails nothing was done, and the caller is told.</summary>
    /// <param name="input">What happened.</param>
    /// <param name="origin">Where it comes from; null for what the worker and the clock say, which belongs to the trace of what started the worker.</param>
    private async Task<EventOutcome> Apply(StreamInput input, InputOrigin? origin = null)
    {
        await _saved.EnsureKnown();
        _saved.FollowClock();
        StreamState before = State;
        StreamDecision decision = _worker.Prepare(_machine.Decide(before, input, _time.GetUtcNow()), before);
        if (!ReferenceEquals(decision.State, before) && !await _saved.TrySave(decision.State))
        {
            return await Apply(input, origin); // It was forgotten meanwhile, and begins anew.
        }

        bool changesTheWorker = decision.Effect is not null || decision.State.Order != before.Order || decision.State.Input?.Id != before.Input?.Id;
        if (origin is not null && changesTheWorker)
        {
            _trace = origin.Trace;
        }

        _worker.Act(decision, before, _trace);
        if (NodeDecisions.FindTeller(input, before, State) is { } teller)
        {
            Mark(_nodes.NameOf(teller)).Ignore();
        }

        _log.LogDecision(input, before, State, _trace);
        _measures.Count(input, decision, before);
        _history.Record(input, decision, before, origin ?? new InputOrigin(_trace));
        if (decision.Effect is StreamEffect.StartWorker)
        {
            _nodes.WatchClosely(State.Node);
        }

        if (!ReferenceEquals(State, _followed))
        {
            FollowState();
        }

        return decision.Outcome;
    }

    /// <summary>Applies what a host reports of a run. Returns whether the stream still wants that one.</summary>
    private async Task<bool> ApplyReport(StreamInput report, long generation)
    {
        await Apply(report);
        return State.Wants(generation);
    }

    /// <summary>Applies what a timer says is due.</summary>
    private async Task ApplyDue(StreamInput due)
    {
        try
        {
            await Apply(due);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or StreamDamagedException)
        {
            // The timer comes again; the watch of the store says what is wrong.
        }
    }

    /// <summary>What the watch of a media server has asked until now is no news: the stream has just learned better. It is not waited for.</summary>
    private async Task Mark(string node)
    {
        long request = _marks.Begin(node);
        _marks.Set(node, request, await _nodes.GetPosition(node));
    }

    /// <summary>Brings the worker in line with what is saved.</summary>
    private async Task MatchWorker()
    {
        if (State.Next is { } next && _runs.FenceIfLost(next.Placed))
        {
            await Apply(new StreamInput.PlannedRunLost(next.Generation));
        }

        if (State.Standby is { } standby && _runs.FenceIfLost(standby.Placed))
        {
            await Apply(new StreamInput.StandbyLost(standby.Generation));
        }

        if (State.HasWorker && _runs.FenceIfLost(State.Present))
        {
            await Apply(new StreamInput.WorkerLost(_runs.IsHere(State.Present) ? null : _formerlyUsedAt));
        }
        else
        {
            _worker.RepeatStop(State);
        }
    }

    /// <summary>Has a standby where one is wanted and can be had; one that was told to step in is told again until it has.</summary>
    private async Task MatchStandby()
    {
        _worker.RepeatStepIn(State);
        if (_placement.FindStandbyDue(State) is { } due)
        {
            await Apply(due);
        }
    }

    /// <summary>Timers and what others see follow the state, so that none can be forgotten on some way into a phase.</summary>
    private void FollowState()
    {
        _saved.FollowClock();
        _followed = State;
        _timers.Follow(State);
        if (State.Exists)
        {
            _status.Publish(State);
        }
    }

    /// <summary>Measures what the audience sees, and records an interruption that is over.</summary>
    private async Task WatchOutput(PathView? output)
    {
        _output.Observe(output, State.Held, State.Input is not null);
        if (_output.Ended is { } gap)
        {
            await Apply(new StreamInput.OutputResumed(gap));
            _output.Confirm();
        }
        else if (_output.Away is { } away && State is { Phase: StreamPhase.Running, SilentSince: null })
        {
#pragma warning disable RS0030 // The time of day at which it began, for people.
            await Apply(new StreamInput.OutputInterrupted(_time.GetUtcNow() - away));
#pragma warning restore RS0030
        }
    }

    /// <summary>Goes on with what is saved of an interruption, so that one that a silo's end falls into is measured whole.</summary>
    private void BeginWatch(bool isActivation = false)
    {
        if (State is { Audience: not null, Order: StreamOrder.Run })
        {
            TimeSpan away = OutputDay.AwayFor(State.Day, _time.GetUtcNow());
            bool tellsItself = State is { HasSteppedIn: true, Phase: StreamPhase.Starting }; // A standby says for how long nobody published.
            _output.Begin(away, wasLost: isActivation && away > TimeSpan.Zero && !tellsItself);
        }
    }

    /// <summary>Whether a run of a profile may start beside the present one.</summary>
    private bool MayOverlap(string? profile) => _profiles.MayOverlap(profile) && _profiles.MayOverlap(State.RunProfile);

    private StreamStatus StatusNow()
    {
        _saved.FollowClock();
        return _status.Of(State, _saved.IsKnown);
    }
}
