using System.ComponentModel.DataAnnotations;

namespace Streams.Api.Wire;

/// <summary>Everything to know of a stream at one moment. It holds no credentials.</summary>
public sealed record StreamView
{
    /// <summary>The stream.</summary>
    [RegularExpression(global::Streams.StreamId.Pattern)]
    public required string StreamId { get; init; }

    /// <summary>Whether a worker should run.</summary>
    public required StreamOrder Order { get; init; }

    /// <summary>Whether an operator has stopped the stream; only resume and restart end that.</summary>
    public required bool IsHeld { get; init; }

    /// <summary>What the worker is doing.</summary>
    public required StreamPhase Phase { get; init; }

    /// <summary>When it entered the phase, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The number of the latest worker run; it only grows. 0 before the first.</summary>
    public required long Generation { get; init; }

    /// <summary>The profile that the worker runs with.</summary>
    public required string Profile { get; init; }

    /// <summary>Who publishes the input; absent while nobody does.</summary>
    public SourceView? Input { get; init; }

    /// <summary>Who publishes the output; absent while nobody does.</summary>
    public SourceView? Output { get; init; }

    /// <summary>The input as MediaMTX last showed it; absent when it did not.</summary>
    public MediaPathView? InputPath { get; init; }

    /// <summary>The output as MediaMTX last showed it; absent when it did not.</summary>
    public MediaPathView? OutputPath { get; init; }

    /// <summary>Since when the input's publisher has sent nothing although it is connected, UTC; absent while it sends, or when that is unknown.</summary>
    public DateTimeOffset? InputIdleSince { get; init; }

    /// <summary>That the worker is slower than real time; absent while it keeps up, or when that is unknown.</summary>
    public SlowView? Slow { get; init; }

    /// <summary>That publishers take the input over from each other again and again; absent while they do not.</summary>
    public ContestView? Contested { get; init; }

    /// <summary>Publishers of the same input at other media servers, which have to give way to the newest, <c>input</c>; absent without any.</summary>
    public IReadOnlyList<SourceView>? Conflicts { get; init; }

    /// <summary>Its place among the streams that wait for a free worker slot, 1 for the next; absent when it does not wait.</summary>
    public int? WaitingPosition { get; init; }

    /// <summary>The worker's process; absent without one.</summary>
    public WorkerView? Worker { get; init; }

    /// <summary>What the worker last reported in this run; absent before the first report.</summary>
    public ProgressView? Progress { get; init; }

    /// <summary>How many retries of the budget are used up.</summary>
    public required int Retries { get; init; }

    /// <summary>When the next worker is tried, UTC; absent unless the phase is <c>Backoff</c> or <c>Failed</c>, and for a failed stream that is not tried again.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Since when the stream has been without a running worker that it should have, all retries used up, UTC; absent while it is not down.</summary>
    public DateTimeOffset? DownSince { get; init; }

    /// <summary>Whether the output's audience stays connected while no worker publishes it; absent while the stream is offline, and before its first worker.</summary>
    public ContinuityView? Continuity { get; init; }

    /// <summary>Why the last worker ended; absent before the first end.</summary>
    public string? LastReason { get; init; }

    /// <summary>The planned change that is under way: the next run starts while the present one works; absent without one.</summary>
    public ChangeView? Change { get; init; }

    /// <summary>Why the last planned change was given up, and the former worker stayed; absent when none was.</summary>
    public string? ChangeProblem { get; init; }

    /// <summary>The fallback programme that the audience gets, since the worker of <c>profile</c> failed; absent while it does not.</summary>
    public FallbackView? Fallback { get; init; }

    /// <summary>An operator's choice of a standby; absent where the profile says.</summary>
    public StandbyMode? StandbyChoice { get; init; }

    /// <summary>The standby of a stream that is to have one, or why it has none; absent for any other, and until one was looked for.</summary>
    public StandbyView? Standby { get; init; }

    /// <summary>What the audience saw of this broadcast; absent before its first output.</summary>
    public AudienceView? Audience { get; init; }

    /// <summary>What the last failed worker failed at; absent before the first failure.</summary>
    public WorkerFault? LastFault { get; init; }

    /// <summary>The last lines that the latest worker wrote, oldest first.</summary>
    public required IReadOnlyList<string> LogTail { get; init; }

    internal static StreamView Of(StreamStatus status) => new()
    {
        StreamId = status.StreamId.Value,
        Order = status.Order,
        IsHeld = status.IsHeld,
        Phase = status.Phase,
        Since = status.Since.ToUniversalTime(),
        Generation = status.Generation,
        Profile = status.Profile,
        Input = status.Input is { } input ? SourceView.Of(input) : null,
        Output = status.Output is { } output ? SourceView.Of(output) : null,
        InputPath = status.InputPath is { } inputPath ? MediaPathView.Of(inputPath) : null,
        OutputPath = status.OutputPath is { } outputPath ? MediaPathView.Of(outputPath) : null,
        InputIdleSince = status.InputIdleSince?.ToUniversalTime(),
        Slow = status.Slow is { } slow ? SlowView.Of(slow) : null,
        Contested = status.Contested is { } contest ? ContestView.Of(contest) : null,
        Conflicts = status.Conflicts is { IsDefaultOrEmpty: false } conflicts ? [.. conflicts.Select(SourceView.Of)] : null,
        WaitingPosition = status.WaitingPosition,
        Worker = status.WorkerPid is { } pid ? new WorkerView { Pid = pid, StartedAt = status.WorkerStartedAt?.ToUniversalTime() } : null,
        Progress = status.Progress is { } progress ? ProgressView.Of(progress) : null,
        Retries = status.Retries,
        RetryAt = status.RetryAt?.ToUniversalTime(),
        DownSince = status.DownSince?.ToUniversalTime(),
        Continuity = status.Continuity is { } continuity ? ContinuityView.Of(continuity) : null,
        LastReason = status.LastReason,
        Change = status.Change is { } change ? ChangeView.Of(change) : null,
        Audience = status.Audience is { } audience ? AudienceView.Of(audience) : null,
        ChangeProblem = status.ChangeProblem,
        Fallback = status.Fallback is { } fallback ? FallbackView.Of(fallback) : null,
        StandbyChoice = status.StandbyChoice,
        Standby = status.Standby is { } standby ? StandbyView.Of(standby) : null,
        LastFault = status.LastFault,
        LogTail = status.LogTail.IsDefault ? [] : status.LogTail,
    };
}
