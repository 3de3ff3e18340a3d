using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Storage;
using Streams.Grains.Feed;
using Streams.Grains.Store;
using Streams.Grains.Telemetry;
using Streams.Grains.Watch;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>
/// One stream: takes what happens, lets the machine decide, saves, then acts. It never waits for a worker: a worker's life, its
/// stop and the back-off are phases. It cannot move while a child process of its silo works for it.
/// </summary>
[Immovable]
[CollectionAgeLimit(Minutes = 5)] // An offline stream costs no memory: its row says all.
internal sealed partial class StreamGrain(
    IStreamStore store,
    HistoryLog history,
    StreamMachine machine,
    IWorkerHost workers,
    OpenOutputs openOutputs,
    FeedOutbox feed,
    StreamInstruments instruments,
    TimeProvider time,
    ILogger<StreamGrain> logger) : Grain, IStreamGrain, IWorkerEvents, IObservedStream
{
    private static readonly TimeSpan KeepAlivePeriod = TimeSpan.FromMinutes(1);

    private readonly ClockJumps _jumps = new(time);
    private StreamId _id;
    private SavedStream _saved = null!; // From the activation on.
    private IGrainTimer? _retryTimer;
    private IGrainTimer? _keepAliveTimer;
    private StreamObservation? _observation;

    /// <summary>The state that timers and what others see were last brought in line with.</summary>
    private StreamState? _followed;

    /// <summary>The trace of what last changed what the stream wants: its worker's start and retries belong to it.</summary>
    private ActivityContext _trace = StreamsTracing.Read(null);

    private StreamState State => _saved.State;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = StreamId.Parse(this.GetPrimaryKeyString());
        _saved = new SavedStream(_id, store);
        try
        {
            await _saved.Read();
            await MatchWorker();
            FollowState();
        }
        catch (Exception failure) when (failure is StoreUnavailableException or StreamDamagedException)
        {
            // Every call tries again, and tells its caller why it cannot be answered.
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        feed.Forget(_id);
        openOutputs.Forget(_id);
        return Task.CompletedTask;
    }

    /// <summary>Reads the state, if it is not known. The caller is told why it cannot be read.</summary>
    private Task Know() => _saved.IsKnown ? Task.CompletedTask : _saved.Read();

    /// <summary>The same for whoever only looks, or reports what has to reach the worker: for that the last known state does.</summary>
    private async Task KnowIfPossible()
    {
        try
        {
            await Know();
        }
        catch (StoreUnavailableException) when (_saved.WasKnown)
        {
        }
    }

    public async Task<EventReceipt> Take(SourceEvent sourceEvent)
    {
        ActivityContext parent = StreamsTracing.Read(sourceEvent.TraceParent);
        using Activity? step = StreamsTracing.Start("take event", parent, _id);
        ActivityContext trace = step?.Context ?? parent;
        using IDisposable? scope = logger.BeginScope(StreamScope.Of(sourceEvent, trace));
        EventOutcome outcome = await Apply(new StreamInput.SourceChanged(sourceEvent), new InputOrigin(trace));
        step?.SetTag("streams.outcome", outcome.ToString()).SetTag("streams.generation", State.Generation);
        Measure(sourceEvent, outcome);
        openOutputs.Record(sourceEvent);
        if (sourceEvent is { Kind: SourceEventKind.Ready, Path.Role: PathRole.Output } && sourceEvent.Source.Id == State.Output?.Id && IsReceivedBeforeAvailable(sourceEvent.Source.Type))
        {
            workers.NoteOutputAvailable(_id, State.Generation);
        }

        LogEvent(sourceEvent.Kind, sourceEvent.Path.Role, outcome, State.Phase, State.Generation);
        return new EventReceipt(_id, outcome, State.Phase, State.Generation);
    }

    public async Task<bool> Observe(StreamObservation observation)
    {
        bool looksDifferent = _observation?.Input != observation.Input || _observation?.Output != observation.Output;
        _observation = observation;
        await KnowIfPossible();
        if (!_saved.IsKnown)
        {
            NotePaths(observation); // The store is away; whether the worker hangs is seen all the same.
        }

        await MatchWorker();
        EventOutcome outcome = await Apply(
            new StreamInput.Observed(observation.Input?.Source, observation.Output?.Source, observation.AskedAt), new InputOrigin(StreamsTracing.Read(null)));
        NotePaths(observation);
        if (looksDifferent && outcome != EventOutcome.Applied)
        {
            Show();
        }

        return outcome == EventOutcome.Applied;
    }

    /// <summary>Passes on to the worker how many bytes its input and its output have.</summary>
    private void NotePaths(StreamObservation observation)
    {
        if (observation.Input is { } input && State.Input is { } current && input.Source.IsSameAs(current))
        {
            workers.NoteInput(_id, State.Generation, input.InboundBytes);
        }

        if (observation.Output is not { } output)
        {
            workers.NoteOutput(_id, State.Generation, null, 0);
        }
        else if (output.Source.Id == State.Output?.Id)
        {
            workers.NoteOutput(_id, State.Generation, output.Source.Id, output.InboundBytes);
        }
    }

    /// <summary>MediaMTX makes an RTMP publish available once it has received and analysed some of it; an RTSP publish before its first packet.</summary>
    private static bool IsReceivedBeforeAvailable(string sourceType) => sourceType.StartsWith("rtmp", StringComparison.Ordinal);

    /// <summary>
    /// Brings the worker in line with what is saved. One of which the host knows nothing will never be told of again: its silo has ended, or its
    /// start failed. One that is to end may not have been told: the answer to that save was lost.
    /// </summary>
    private Task MatchWorker()
    {
        if (!State.HasWorker)
        {
            return Task.CompletedTask;
        }

        if (!workers.Has(_id, State.Generation))
        {
            return Apply(new StreamInput.WorkerLost());
        }

        if (State.StopCause is { } cause)
        {
            workers.Stop(_id, State.Generation, cause);
        }

        return Task.CompletedTask;
    }

    public Task Stalled(long generation, string reason) => Apply(new StreamInput.WorkerStalled(generation, reason));

    public async Task Started(long generation, WorkerProcessInfo process)
    {
        if (await Apply(new StreamInput.WorkerStarted(generation, process)) == EventOutcome.Applied)
        {
            MeasureStart(process);
        }
    }

    public Task Progressed(long generation) => Apply(new StreamInput.WorkerProgressed(generation));

    public Task Steady(long generation) => Apply(new StreamInput.WorkerSteady(generation));

    public async Task Exited(long generation, WorkerExit exit)
    {
        EventOutcome outcome = await Apply(new StreamInput.WorkerExited(generation, exit.Reason, exit.Hope, exit.Log) { Fault = exit.Fault });
        if (outcome == EventOutcome.Applied)
        {
            history.Add(HistoryRows.Of(_id, HistoryWriter.Of(generation, exit, time.GetUtcNow())));
        }
    }

    /// <summary>Decides, saves, then acts. When saving fails nothing was done, and the caller is told.</summary>
    /// <param name="input">What happened.</param>
    /// <param name="origin">Where it comes from; null for what the worker and the clock say, which belongs to the trace of what started the worker.</param>
    private async Task<EventOutcome> Apply(StreamInput input, InputOrigin? origin = null)
    {
        await Know();
        FollowClock();
        StreamState before = State;
        StreamDecision decision = machine.Decide(before, input, time.GetUtcNow());
        if (!ReferenceEquals(decision.State, before))
        {
            try
            {
                await _saved.Save(decision.State);
            }
            catch (InconsistentStateException) when (before.Exists)
            {
                await _saved.Read();
                if (State.Exists)
                {
                    throw; // Another activation of this stream works for it: this one ends.
                }

                return await Apply(input, origin); // It was forgotten meanwhile, and begins anew.
            }
        }

        bool changesTheWorker = decision.Effect is not null || decision.State.Order != before.Order || decision.State.Input?.Id != before.Input?.Id;
        if (origin is not null && changesTheWorker)
        {
            _trace = origin.Trace;
        }

        LogDecision(input, before);
        Count(input, decision);
        Record(input, decision, before, origin ?? new InputOrigin(_trace));
        Act(decision.Effect);
        if (!ReferenceEquals(State, _followed))
        {
            FollowState();
        }

        return decision.Outcome;
    }

    private void Record(StreamInput input, StreamDecision decision, StreamState before, InputOrigin origin)
    {
        if (HistoryWriter.Of(input, decision.Outcome, decision.State, time.GetUtcNow(), origin) is { } entry)
        {
            feed.Note(_id, entry);
            history.Add(HistoryRows.Of(_id, entry));
        }

        if (decision.State.Input is { RemoteAddress: { } address, IsPulled: false } known && before.Input?.RemoteAddress is null)
        {
            history.Add(HistoryRows.Of(_id, new SourceAddress(known.Id, address), time.GetUtcNow()));
        }
    }

    private void Act(StreamEffect? effect)
    {
        switch (effect)
        {
            case StreamEffect.StartWorker start:
                workers.Start(new WorkerRun(_id, start.Generation, State.Input!, State.Profile) { Trace = _trace, IfInputIsLive = start.IfInputIsLive });
                GrainFactory.GetGrain<IMediaNodeGrain>(IMediaNodeGrain.DefaultName).WatchClosely().Ignore();
                break;
            case StreamEffect.StopWorker stop:
                workers.Stop(_id, stop.Generation, stop.Cause);
                break;
        }
    }

    /// <summary>Timers and what others see follow the state, so that none can be forgotten on some way into a phase.</summary>
    private void FollowState()
    {
        FollowClock();
        _followed = State;
        _retryTimer?.Dispose();
        _retryTimer = State.RetryAt is { } at ? ScheduleRetry(State.Generation, at) : null;

        bool active = State.Order == StreamOrder.Run || State.Phase == StreamPhase.Stopping;
        if (active && _keepAliveTimer is null)
        {
            _keepAliveTimer = this.RegisterGrainTimer(static (_, _) => Task.CompletedTask, this, new GrainTimerCreationOptions(KeepAlivePeriod, KeepAlivePeriod) { KeepAlive = true });
        }
        else if (!active)
        {
            _keepAliveTimer?.Dispose();
            _keepAliveTimer = null;
        }

        if (State.Exists)
        {
            Show();
        }
    }

    /// <summary>Before anything is decided by the times of the state: when the clock was set they are set with it. It is saved with the next change.</summary>
    private void FollowClock()
    {
        if (_jumps.Take() is var jump && jump != TimeSpan.Zero && State.Exists)
        {
            _saved.Adjust(StreamMachine.MoveClock(State, jump));
        }
    }

    private IGrainTimer ScheduleRetry(long generation, DateTimeOffset at)
    {
#pragma warning disable RS0030 // It may have been saved by another process. FollowClock has just set it with the clock.
        TimeSpan wait = at - time.GetUtcNow();
#pragma warning restore RS0030
        TimeSpan due = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

        // The period repeats the attempt should the first one fail to save, or fire early by the timer's resolution.
        GrainTimerCreationOptions options = new(due, TimeSpan.FromMilliseconds(250)) { KeepAlive = true };
        return this.RegisterGrainTimer(static (retry, _) => retry.Grain.TryAgain(retry.Generation), (Grain: this, Generation: generation), options);
    }

    private async Task TryAgain(long generation)
    {
        try
        {
            await Apply(new StreamInput.RetryDue(generation));
        }
        catch (Exception failure) when (failure is StoreUnavailableException or StreamDamagedException)
        {
            // The timer comes again; the watch of the store says what is wrong.
        }
    }
}
