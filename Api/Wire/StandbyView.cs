namespace Streams.Api.Wire;

/// <summary>The standby of a stream: a second worker on another silo, which steps in when the output's source is gone.</summary>
public sealed record StandbyView
{
    /// <summary>Whether there is one.</summary>
    public required StandbyState State { get; init; }

    /// <summary>Why there is none, or why the last one ended; absent when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>The number of its run; absent without one.</summary>
    public long? Generation { get; init; }

    /// <summary>The address of the silo that runs it; absent without one.</summary>
    public string? Host { get; init; }

    /// <summary>Since when it is ready, or being started, UTC; absent without one.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Its process; absent before it exists.</summary>
    public int? WorkerPid { get; init; }

    internal static StandbyView Of(StreamStandby standby) => new()
    {
        State = standby.State,
        Reason = standby.Reason,
        Generation = standby.Generation,
        Host = standby.Host,
        Since = standby.Since?.ToUniversalTime(),
        WorkerPid = standby.WorkerPid,
    };
}
