namespace Streams;

/// <summary>Why a running worker is replaced by its next run.</summary>
public enum ChangeCause
{
    /// <summary>An operator restarted the stream.</summary>
    Restart,

    /// <summary>An operator chose another profile.</summary>
    Profile,

    /// <summary>The worker's silo is drained.</summary>
    Drain,

    /// <summary>The chosen profile is tried again, from its fallback.</summary>
    Return,
}

/// <summary>A planned change under way: the next run is being started while the present one works.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Generation">The number of the next run.</param>
/// <param name="Since">When the change began.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamChange")]
public sealed record StreamChange([property: Id(0)] ChangeCause Cause, [property: Id(1)] long Generation, [property: Id(2)] DateTimeOffset Since)
{
    /// <summary>The process id of the next run; null before it exists.</summary>
    [Id(3)] public int? WorkerPid { get; init; }

    /// <summary>When the next run, which works already, takes the output over, if it goes on so; null for as soon as it works.</summary>
    [Id(4)] public DateTimeOffset? TakesOverAt { get; init; }
}
