namespace Streams.Api.Wire;

/// <summary>A worker's process.</summary>
public sealed record WorkerView
{
    /// <summary>Its process id on the silo's host.</summary>
    public required int Pid { get; init; }

    /// <summary>When it started, UTC.</summary>
    public DateTimeOffset? StartedAt { get; init; }
}
