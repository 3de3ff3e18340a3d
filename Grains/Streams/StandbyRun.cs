using Streams.Grains.Hosts;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>A run that works beside the present one on another host, publishes to a path of its own, and takes the output over when its source is gone.</summary>
/// <param name="Generation">Its number, higher than the present run's.</param>
/// <param name="Host">Its host, saved before it is told; never that of the present run.</param>
/// <param name="Since">When it was decided on, and then since when it is ready.</param>
[GenerateSerializer, Immutable, Alias("Streams.StandbyRun")]
public sealed record StandbyRun([property: Id(0)] long Generation, [property: Id(1)] string Host, [property: Id(2)] DateTimeOffset Since)
{
    /// <summary>Its process; null before its start was reported.</summary>
    [Id(3)] public WorkerProcessInfo? Worker { get; init; }

    /// <summary>Whether what it writes arrives at its path: it can step in.</summary>
    [Id(4)] public bool IsReady { get; init; }

    /// <summary>Whether it has done so for <see cref="RetryOptions.SteadyAfter"/>.</summary>
    [Id(5)] public bool IsSteady { get; init; }

    /// <summary>The run, and where it is.</summary>
    internal PlacedRun Placed => new(Host, Generation);
}

/// <summary>What became of standbys before.</summary>
/// <param name="Problem">Why there is none, or why the last one ended; null when there is nothing to say.</param>
[GenerateSerializer, Immutable, Alias("Streams.StandbyTries")]
public sealed record StandbyTries([property: Id(0)] string? Problem)
{
    /// <summary>How many have failed since one last ran steadily.</summary>
    [Id(1)] public int Failures { get; init; }

    /// <summary>When the next one is tried; null for as soon as there is a host for it.</summary>
    [Id(2)] public DateTimeOffset? RetryAt { get; init; }
}
