using Streams.Grains.Hosts;
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

    /// <summary>For how long its output is to arrive at a path of its own before it is put on the air; null for one that takes the output over as soon as it can.</summary>
    [Id(7)] public TimeSpan? ProvesFor { get; init; }

    /// <summary>Since when its output arrives at its own path; null before that.</summary>
    [Id(8)] public DateTimeOffset? ArrivedAt { get; init; }

    /// <summary>When it was told to take the output over from its own path; null before that.</summary>
    [Id(9)] public DateTimeOffset? OrderedAt { get; init; }

    /// <summary>Whether it has run steadily already.</summary>
    [Id(10)] public bool IsSteady { get; init; }

    /// <summary>Whether it publishes to a path of its own until it is told to take the output over.</summary>
    public bool IsAside => ProvesFor is not null;

    /// <summary>The run, and where it is.</summary>
    internal PlacedRun Placed => new(Host, Generation);

    /// <summary>When the time for what it is at is over.</summary>
    public DateTimeOffset DueAt => OrderedAt is { } ordered ? ordered + PlannedChanges.Limit : ArrivedAt is { } arrived && ProvesFor is { } time ? arrived + time : Since + PlannedChanges.Limit;
}
