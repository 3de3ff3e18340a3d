using System.Collections.Immutable;

namespace Streams.Grains.Tests.Streams;

/// <summary>Drives a machine by hand, with a clock that goes only when told, and remembers what it was told to do.</summary>
internal sealed class MachineHarness
{
    public static readonly StreamId Id = StreamId.Parse("demo");

    private readonly StreamMachine _machine = new(new RetryPolicy(new RetryOptions()), new FallbackOptions());

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public StreamState State { get; private set; } = new();

    public List<StreamEffect> Effects { get; } = [];

    public StreamEffect? LastEffect { get; private set; }

    public LeavingRun? LastLeaving { get; private set; }

    public LeavingRun? LastStandby { get; private set; }

    public void Wait(TimeSpan time) => Now += time;

    /// <summary>Sets the clock, and what is saved with it, as the grain does.</summary>
    public void SetClock(TimeSpan by)
    {
        Now += by;
        State = StreamMachine.MoveClock(State, by);
    }

    public EventOutcome Do(StreamInput input)
    {
        StreamDecision decision = _machine.Decide(State, input, Now);
        State = decision.State;
        LastEffect = decision.Effect;
        LastLeaving = decision.Leaving;
        LastStandby = decision.LeavingAside;
        if (decision.Effect is { } effect)
        {
            Effects.Add(effect);
        }

        return decision.Outcome;
    }

    public EventOutcome Ready(string source, PathRole role = PathRole.Input, Guid? eventId = null, DateTimeOffset? at = null, string query = "") =>
        Do(new StreamInput.SourceChanged(Event(SourceEventKind.Ready, source, role, eventId, at ?? Now) with { Query = query }));

    public EventOutcome NotReady(string source, PathRole role = PathRole.Input, Guid? eventId = null) =>
        Do(new StreamInput.SourceChanged(Event(SourceEventKind.NotReady, source, role, eventId, Now)));

    public EventOutcome Tell(SourceEventKind kind, string type, string source, DateTimeOffset at) =>
        Do(new StreamInput.SourceChanged(Event(kind, source, PathRole.Input, null, at) with { Source = new MediaSource(type, source) }));

    public EventOutcome Started() => Do(new StreamInput.WorkerStarted(State.Generation, new WorkerProcessInfo(4711, Now)));

    public EventOutcome Progressed() => Do(new StreamInput.WorkerProgressed(State.Generation));

    public EventOutcome Exited(RetryHope hope = RetryHope.Soon, long? generation = null, string reason = "it died") =>
        Do(new StreamInput.WorkerExited(generation ?? State.Generation, reason, hope, ImmutableArray<string>.Empty));

    public EventOutcome Steady() => Do(new StreamInput.WorkerSteady(State.Generation));

    public EventOutcome RetryDue() => Do(new StreamInput.RetryDue(State.Generation));

    public EventOutcome Observe(string? input, string? output = null, DateTimeOffset? askedAt = null, string query = "") =>
        Do(new StreamInput.Observed(Live(input, query), Live(output), askedAt ?? Now));

    /// <summary>A stream whose worker runs for source "a" as generation 1.</summary>
    public static MachineHarness Running()
    {
        MachineHarness stream = new();
        stream.Ready("a");
        stream.Started();
        stream.Progressed();
        stream.Wait(TimeSpan.FromSeconds(1));
        return stream;
    }

    private LiveSource? Live(string? id, string query = "") => id is null ? null : new LiveSource("rtmpConn", id, query, Now);

    private static SourceEvent Event(SourceEventKind kind, string source, PathRole role, Guid? eventId, DateTimeOffset at) => new()
    {
        EventId = eventId ?? Guid.NewGuid(),
        Kind = kind,
        Path = new StreamPath(Id, role),
        Source = new MediaSource("rtmpConn", source),
        OccurredAt = at,
    };
}
