using System.Collections.Immutable;
using Streams.Grains.Hosts;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>
/// What a stream remembers; it is saved before anything is done about it. It is bounded: no list in it grows with the stream's life.
/// Progress is not in it: that is the worker host's, and not worth a write.
/// </summary>
[GenerateSerializer, Immutable, Alias("Streams.StreamState")]
public sealed record StreamState
{
    /// <summary>How many ended sources are remembered, to tell a late <c>ready</c> of one of them from a new source.</summary>
    public const int MaxEndedSources = 32;

    /// <summary>How many takeovers are remembered.</summary>
    public const int MaxTakeovers = 8;

    /// <summary>How many event ids are remembered, to tell a repetition.</summary>
    public const int MaxRecentEvents = 32;

    /// <summary>What the worker is doing.</summary>
    [Id(0)] public StreamPhase Phase { get; init; }

    /// <summary>When it entered <see cref="Phase"/>.</summary>
    [Id(1)] public DateTimeOffset Since { get; init; }

    /// <summary>The number of the latest worker run; 0 before the first.</summary>
    [Id(2)] public long Generation { get; init; }

    /// <summary>Who publishes the input; null while nobody does.</summary>
    [Id(3)] public LiveSource? Input { get; init; }

    /// <summary>When this grain learned of <see cref="Input"/> (or of its end), by its own clock; what was observed before that is no news.</summary>
    [Id(4)] public DateTimeOffset InputLearnedAt { get; init; }

    /// <summary>Who publishes the output; null while nobody does.</summary>
    [Id(5)] public LiveSource? Output { get; init; }

    /// <summary>When this grain learned of <see cref="Output"/> or of its end.</summary>
    [Id(6)] public DateTimeOffset OutputLearnedAt { get; init; }

    /// <summary>An operator has stopped the stream; only an operator's resume or restart ends that.</summary>
    [Id(7)] public bool Held { get; init; }

    /// <summary>The operator's choice of profile; null for the configured default.</summary>
    [Id(8)] public string? Profile { get; init; }

    /// <summary>The operator's choice of a standby; null for what the profile says.</summary>
    [Id(44)] public StandbyMode? StandbyChoice { get; init; }

    /// <summary>How many retries of the budget are used up.</summary>
    [Id(9)] public int Retries { get; init; }

    /// <summary>When the next worker starts; set in <see cref="StreamPhase.Backoff"/> and <see cref="StreamPhase.Failed"/> only.</summary>
    [Id(10)] public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The silo that ran the worker has ended; the next worker starts as soon as the input is seen, or at <see cref="RetryAt"/>.</summary>
    [Id(11)] public bool Recovering { get; init; }

    /// <summary>Why the worker was told to end; set in <see cref="StreamPhase.Stopping"/> only.</summary>
    [Id(12)] public StopCause? StopCause { get; init; }

    /// <summary>The running process; null without one, and before its start was reported.</summary>
    [Id(13)] public WorkerProcessInfo? Worker { get; init; }

    /// <summary>Why the last worker ended.</summary>
    [Id(14)] public string? LastReason { get; init; }

    /// <summary>The last lines of the last ended worker.</summary>
    [Id(15)] public ImmutableArray<string> LastLog { get; init; } = [];

    /// <summary>Ids of sources known to have ended, oldest first; at most <see cref="MaxEndedSources"/>.</summary>
    [Id(16)] public ImmutableArray<string> EndedSources { get; init; } = [];

    /// <summary>Ids of events taken, oldest first; at most <see cref="MaxRecentEvents"/>.</summary>
    [Id(17)] public ImmutableArray<Guid> RecentEvents { get; init; } = [];

    /// <summary>The run has progressed for <see cref="RetryOptions.SteadyAfter"/>: should it die, it is replaced at once.</summary>
    [Id(18)] public bool IsSteady { get; init; }

    /// <summary>When the last input that MediaMTX pulled itself ended: such sources have no id that <see cref="EndedSources"/> could remember.</summary>
    [Id(19)] public DateTimeOffset? PulledInputEndedAt { get; init; }

    /// <summary>The latest takeovers of the input by another publisher, oldest first; at most <see cref="MaxTakeovers"/>.</summary>
    [Id(20)] public ImmutableArray<Takeover> Takeovers { get; init; } = [];

    /// <summary>What the last worker failed at.</summary>
    [Id(21)] public WorkerFault? LastFault { get; init; }

    /// <summary>When the stream last became <see cref="StreamPhase.Failed"/>; null once a worker of it runs, or none is wanted.</summary>
    [Id(22)] public DateTimeOffset? DownSince { get; init; }

    /// <summary>The input that ended last, with the time of its end as its <see cref="LiveSource.Since"/>; null before the first end.</summary>
    [Id(23)] public LiveSource? LastInput { get; init; }

    /// <summary>Since when starts are held back since the input is contested; null once one was let through.</summary>
    [Id(24)] public DateTimeOffset? DampedSince { get; init; }

    /// <summary>The host of the latest run, saved before it is told to start it; null before the first, and for runs from before hosts had names.</summary>
    [Id(25)] public string? Host { get; init; }

    /// <summary>Publishers of the input at other media servers, which came before <see cref="Input"/> and have not ended; at most one at each.</summary>
    [Id(26)] public ImmutableArray<LiveSource> Conflicts { get; init; } = [];

    /// <summary>The run that is to take over from the present one, which works until that one's output arrives; null without such a change.</summary>
    [Id(30)] public PlannedRun? Next { get; init; }

    /// <summary>The highest number that a planned run was given; one that did not come up leaves a gap.</summary>
    [Id(31)] public long HighestPlanned { get; init; }

    /// <summary>Why the last planned change was given up, and the present run stayed; null once another begins or succeeds, or the run ends.</summary>
    [Id(32)] public string? ChangeProblem { get; init; }

    /// <summary>Set while the audience gets the fallback programme, since the worker of the chosen profile failed; otherwise null.</summary>
    [Id(33)] public FallbackRun? Fallback { get; init; }

    /// <summary>How often the chosen profile was tried in vain since it last ran steadily.</summary>
    [Id(34)] public int FallbackTries { get; init; }

    /// <summary>What the audience saw of this broadcast; null before its first output.</summary>
    [Id(36)] public StreamAudience? Audience { get; init; }

    /// <summary>What the output showed over the last day, oldest first; at most <see cref="OutputDay.MaxSpans"/>, and the end of a slate that is still shown.</summary>
    [Id(40)] public ImmutableArray<OutputSpan> Day { get; init; } = [];

    /// <summary>Since when nothing arrives of the output although its worker runs; null while it arrives, and without a running worker.</summary>
    [Id(41)] public DateTimeOffset? SilentSince { get; init; }

    /// <summary>The run that waits on another host to step in for the present one; null without one. There is none beside <see cref="Next"/>.</summary>
    [Id(37)] public StandbyRun? Standby { get; init; }

    /// <summary>What became of standbys before; null when there is nothing to say.</summary>
    [Id(38)] public StandbyTries? StandbyTries { get; init; }

    /// <summary>The latest run with a path of its own that ended without having stepped in; 0 for none. Its path is removed before another run starts, so that it never does.</summary>
    [Id(39)] public long EndedAside { get; init; }

    /// <summary>Whether the output of the latest run comes by a path of its own: it was a standby, or had to prove itself.</summary>
    [Id(42)] public bool HasSteppedIn { get; init; }

    /// <summary>Whether the latest run was a standby that stepped in for one that failed or was lost.</summary>
    [Id(43)] public bool WasStandby { get; init; }

    /// <summary>Whether the output of the latest run is kept; null before the first, and for runs from before that was known.</summary>
    [Id(35)] public StreamContinuity? Continuity { get; init; }

    /// <summary>Whether a worker should run: somebody publishes the input, and no operator has stopped the stream.</summary>
    public StreamOrder Order => Input is not null && !Held ? StreamOrder.Run : StreamOrder.Stop;

    /// <summary>Whether somebody publishes the input or the output, as far as the stream knows.</summary>
    public bool IsLive => Input is not null || Output is not null;

    /// <summary>The media server that it is published at, or was last; null for the first.</summary>
    public string? Node => NodeDecisions.NodeOf(this);

    /// <summary>Whether an operator has stopped it, or chosen its profile or standby, which must not be forgotten.</summary>
    public bool IsKept => Held || Profile is not null || StandbyChoice is not null;

    /// <summary>False for a stream that no event, observation or operator ever touched.</summary>
    public bool Exists => Since != default;

    /// <summary>The profile of the run that is decided on: the fallback while that is what the audience gets, unless a change leads back from it.</summary>
    public string? RunProfile => Fallback is { } fallback && Next is not { Cause: not ChangeCause.Drain } ? fallback.Profile : Profile;

    /// <summary>The number of the next run.</summary>
    public long NextGeneration => Math.Max(Generation, HighestPlanned) + 1;

    /// <summary>Whether a process of the latest generation may exist.</summary>
    public bool HasWorker => Phase is StreamPhase.Starting or StreamPhase.Running or StreamPhase.Stopping;

    /// <summary>The present run, and where it is.</summary>
    internal PlacedRun Present => new(Host, Generation);

    /// <summary>Whether a run is the present one, or to take over from it; any other that still lives is superseded.</summary>
    internal bool Wants(long generation) => HasWorker && (Generation == generation || Next?.Generation == generation || Standby?.Generation == generation);

    /// <summary>The state of a stream that exists from now on, unless it did.</summary>
    internal StreamState Begin(DateTimeOffset now) => Exists ? this : this with { Since = now };
}

/// <summary>One publisher took the input over from another that was still live.</summary>
/// <param name="At">When the stream was told.</param>
/// <param name="From">Who had it.</param>
/// <param name="To">Who has it since.</param>
[GenerateSerializer, Immutable, Alias("Streams.Takeover")]
public sealed record Takeover([property: Id(0)] DateTimeOffset At, [property: Id(1)] LiveSource From, [property: Id(2)] LiveSource To);
