using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>A run that is being started to take over from the present one, which is ended once the output of this one arrives.</summary>
/// <param name="Generation">Its number.</param>
/// <param name="Cause">Why the change was planned.</param>
/// <param name="Since">When it was decided.</param>
[GenerateSerializer, Immutable, Alias("Streams.PlannedRun")]
public sealed record PlannedRun([property: Id(0)] long Generation, [property: Id(1)] ChangeCause Cause, [property: Id(2)] DateTimeOffset Since)
{
    /// <summary>Its host, saved before it is told.</summary>
    [Id(3)] public string? Host { get; init; }

    /// <summary>Its process; null before its start was reported.</summary>
    [Id(4)] public WorkerProcessInfo? Worker { get; init; }

    /// <summary>The source of the output when the change began: whatever publishes after it is this run.</summary>
    [Id(5)] public string? FormerOutput { get; init; }

    /// <summary>The chosen profile of the present run, which is chosen again should this one not come up.</summary>
    [Id(6)] public string? FormerProfile { get; init; }
}
