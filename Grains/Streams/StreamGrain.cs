using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Runtime;

namespace Streams;

/// <summary>
/// One stream: takes what happens, lets the machine decide, saves, then acts. It never waits for a worker: a worker's life, its
/// stop and the back-off are phases. It cannot move while a child process of its silo works for it.
/// </summary>
[Immovable]
internal sealed partial class StreamGrain(
    [PersistentState("stream", StorageNames.Streams)] IPersistentState<StreamState> storage,
    [PersistentState("history", StorageNames.Streams)] IPersistentState<StreamHistory> history,
    StreamMachine machine,
    IWorkerHost workers,
    TimeProvider time,
    ILogger<StreamGrain> logger) : Grain, IStreamGrain, IWorkerEvents, IObservedStream
{
    private static readonly TimeSpan KeepAlivePeriod = TimeSpan.FromMinutes(1);

    private StreamId _id;
    private IGrainTimer? _retryTimer;
    private IGrainTimer? _keepAliveTimer;
    private StreamObservation? _observation;

    private StreamState State => storage.State;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = StreamId.Parse(this.GetPrimaryKeyString());
        if (State.Exists && !workers.Has(_id, State.Generation))
        {
            await Apply(new StreamInput.WorkerLost());
        }

        FollowState();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _historyTimer is null ? Task.CompletedTask : SaveHistory();

    public async Task<EventReceipt> Take(SourceEvent sourceEvent)
    {
        using IDisposable? scope = logger.BeginScope(StreamScope.Of(sourceEvent));
        EventOutcome outcome = await Apply(new StreamInput.SourceChanged(sourceEvent));
        LogEvent(sourceEvent.Kind, sourceEvent.Path.Role, outcome, State.Phase, State.Generation);
        return new EventReceipt(_id, outcome, State.Phase, State.Generation);
    }

    public async Task<StreamStatus> Command(StreamCommand command)
    {
        await Apply(new StreamInput.Commanded(command));
        return StatusNow();
    }

    public async Task<StreamStatus> ChooseProfile(string? profile)
    {
        await Apply(new StreamInput.ProfileChosen(profile));
        return StatusNow();
    }

    public async Task<bool> Observe(StreamObservation observation)
    {
        _observation = observation;
        EventOutcome outcome = await Apply(new StreamInput.Observed(observation.Input?.Source, observation.Output?.Source, observation.AskedAt));
        if (observation.Input is { } input && input.Source.Id == State.Input?.Id)
        {
            workers.NoteInput(_id, State.Generation, input.InboundBytes);
        }

        return outcome == EventOutcome.Applied;
    }

    public Task Stalled(long generation, string reason) => Apply(new StreamInput.WorkerStalled(generation, reason));

    public Task Started(long generation, WorkerProcessInfo process) => Apply(new StreamInput.WorkerStarted(generation, process));

    public Task Progressed(long generation) => Apply(new StreamInput.WorkerProgressed(generation));

    public Task Steady(long generation) => Apply(new StreamInput.WorkerSteady(generation));

    public async Task Exited(long generation, WorkerExit exit)
    {
        EventOutcome outcome = await Apply(new StreamInput.WorkerExited(generation, exit.Reason, exit.IsPermanent, exit.Log));
        if (outcome == EventOutcome.Applied)
        {
            KeepHistory(HistoryWriter.Add(history.State, generation, exit, time.GetUtcNow()));
        }
    }

    /// <summary>Decides, saves, then acts. When saving fails nothing was done, and the caller is told.</summary>
    private async Task<EventOutcome> Apply(StreamInput input)
    {
        StreamState before = State;
        StreamDecision decision = machine.Decide(before, input, time.GetUtcNow());
        if (!ReferenceEquals(decision.State, before))
        {
            await Save(decision.State, before);
            LogDecision(input, before);
        }

        Count(input, decision.Outcome);
        KeepHistory(HistoryWriter.Add(history.State, input, decision.Outcome, decision.State, time.GetUtcNow()));
        Act(decision.Effect);
        FollowState();
        return decision.Outcome;
    }

    private static void Count(StreamInput input, EventOutcome outcome)
    {
        switch (input, outcome)
        {
            case (StreamInput.Observed, EventOutcome.Applied):
                StreamInstruments.CountCorrection();
                break;
            case (StreamInput.WorkerStarted or StreamInput.WorkerProgressed or StreamInput.WorkerSteady or StreamInput.WorkerStalled or StreamInput.WorkerExited, EventOutcome.Stale):
                StreamInstruments.CountDropped(input.GetType().Name);
                break;
        }
    }

    private async Task Save(StreamState next, StreamState before)
    {
        storage.State = next;
        try
        {
            await storage.WriteStateAsync();
        }
        catch
        {
            storage.State = before;
            throw;
        }
    }

    private void Act(StreamEffect? effect)
    {
        switch (effect)
        {
            case StreamEffect.StartWorker start:
                workers.Start(new WorkerRun(_id, start.Generation, State.Input!, State.Profile));
                break;
            case StreamEffect.StopWorker stop:
                workers.Stop(_id, stop.Generation, stop.Cause);
                break;
        }
    }

    /// <summary>Timers and the catalog follow the state, so that none can be forgotten on some way into a phase.</summary>
    private void FollowState()
    {
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
            NoteInCatalog(new StreamEntry(_id, State.Phase, State.Since, State.Generation) { IsLive = State.Input is not null || State.Output is not null });
        }
    }

    private IGrainTimer ScheduleRetry(long generation, DateTimeOffset at)
    {
        TimeSpan wait = at - time.GetUtcNow();
        TimeSpan due = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

        // The period repeats the attempt should the first one fail to save, or fire early by the timer's resolution.
        GrainTimerCreationOptions options = new(due, TimeSpan.FromMilliseconds(250)) { KeepAlive = true };
        return this.RegisterGrainTimer(static (retry, _) => retry.Grain.Apply(new StreamInput.RetryDue(retry.Generation)), (Grain: this, Generation: generation), options);
    }
}
