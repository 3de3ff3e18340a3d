using System.ComponentModel.DataAnnotations;

namespace Streams.Api.Wire;

/// <summary>One stream in the list and in the feed: what an operator sees at a glance. What is unknown is absent.</summary>
public sealed record StreamSummary
{
    /// <summary>The stream.</summary>
    [RegularExpression(global::Streams.StreamId.Pattern)]
    public required string StreamId { get; init; }

    /// <summary>What the stream's worker is doing.</summary>
    public required StreamPhase Phase { get; init; }

    /// <summary>When it entered the phase, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The number of the latest worker run; 0 before the first.</summary>
    public required long Generation { get; init; }

    /// <summary>Whether an operator has stopped the stream.</summary>
    public bool IsHeld { get; init; }

    /// <summary>The profile that the worker runs with.</summary>
    public string? Profile { get; init; }

    /// <summary>Who publishes the input: MediaMTX's source type, for example <c>rtmpConn</c>; absent while nobody does.</summary>
    public string? SourceType { get; init; }

    /// <summary>MediaMTX's id of that source.</summary>
    public string? SourceId { get; init; }

    /// <summary>The publisher's address and port; absent while unknown, and for what MediaMTX pulls itself.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Since when it publishes, UTC.</summary>
    public DateTimeOffset? SourceSince { get; init; }

    /// <summary>Since when the output is available, UTC; absent while it is not.</summary>
    public DateTimeOffset? OutputSince { get; init; }

    /// <summary>The worker's process id on its silo's host; absent without one.</summary>
    public int? WorkerPid { get; init; }

    /// <summary>When that process started, UTC.</summary>
    public DateTimeOffset? WorkerStartedAt { get; init; }

    /// <summary>Frames that the worker has written.</summary>
    public long? Frames { get; init; }

    /// <summary>Frames a second, as the worker says.</summary>
    public double? Fps { get; init; }

    /// <summary>Output time for each second of real time, as the worker says: 1 is keeping up.</summary>
    public double? Speed { get; init; }

    /// <summary>The same over the last 10 s; absent while the worker keeps up, or when that is unknown.</summary>
    public double? SlowSpeed { get; init; }

    /// <summary>Bits a second that MediaMTX receives from the publisher.</summary>
    public double? InputBps { get; init; }

    /// <summary>Bits a second that MediaMTX receives from the worker.</summary>
    public double? OutputBps { get; init; }

    /// <summary>Readers of the output.</summary>
    public int? Readers { get; init; }

    /// <summary>How many retries of the budget are used up.</summary>
    public int? Retries { get; init; }

    /// <summary>When the next worker is tried, UTC; absent unless the phase is <c>Backoff</c> or <c>Failed</c>, and for a failed stream that is not tried again.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Since when the stream has been without a running worker that it should have, all retries used up, UTC; absent while it is not down.</summary>
    public DateTimeOffset? DownSince { get; init; }

    /// <summary>Whether publishers take the input over from each other again and again; absent for a stream that was not active since the service started.</summary>
    public bool? IsContested { get; init; }

    /// <summary>Its place among the streams that wait for a free worker slot, 1 for the next; absent when it does not wait.</summary>
    public int? WaitingPosition { get; init; }

    /// <summary>Since when the input's publisher has sent nothing although it is connected, UTC; absent while it sends.</summary>
    public DateTimeOffset? InputIdleSince { get; init; }

    /// <summary>Why the last worker ended; absent before the first end.</summary>
    public string? LastReason { get; init; }

    internal static StreamSummary Of(StreamEntry entry) => new()
    {
        StreamId = entry.StreamId.Value,
        Phase = entry.Phase,
        Since = entry.Since.ToUniversalTime(),
        Generation = entry.Generation,
        Profile = entry.Profile,
        IsHeld = entry.IsHeld,
    };

    internal static StreamSummary Of(StreamStatus status)
    {
        WorkerProgress? progress = status.WorkerPid is null ? null : status.Progress;
        return new()
        {
            StreamId = status.StreamId.Value,
            Phase = status.Phase,
            Since = status.Since.ToUniversalTime(),
            Generation = status.Generation,
            IsHeld = status.IsHeld,
            Profile = status.Profile,
            SourceType = status.Input?.Type,
            SourceId = status.Input?.Id,
            RemoteAddress = status.Input?.RemoteAddress,
            SourceSince = status.Input?.Since.ToUniversalTime(),
            OutputSince = status.Output?.Since.ToUniversalTime(),
            WorkerPid = status.WorkerPid,
            WorkerStartedAt = status.WorkerPid is null ? null : status.WorkerStartedAt?.ToUniversalTime(),
            Frames = progress?.Frames,
            Fps = ProgressView.Known(progress?.Fps),
            Speed = ProgressView.Known(progress?.Speed),
            SlowSpeed = status.Slow?.Speed,
            InputBps = status.InputPath?.InboundBps,
            OutputBps = status.OutputPath?.InboundBps,
            Readers = status.OutputPath?.Readers,
            Retries = status.Retries,
            RetryAt = status.RetryAt?.ToUniversalTime(),
            DownSince = status.DownSince?.ToUniversalTime(),
            IsContested = status.Contested is not null,
            WaitingPosition = status.WaitingPosition,
            InputIdleSince = status.InputIdleSince?.ToUniversalTime(),
            LastReason = status.LastReason,
        };
    }
}
