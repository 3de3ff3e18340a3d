namespace Streams;

/// <summary>The standby of a stream: a second worker on another silo, which steps in when the output's source is gone.</summary>
/// <param name="State">Whether there is one.</param>
/// <param name="Reason">Why there is none, or why the last one ended; null when there is nothing to say.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamStandby")]
public sealed record StreamStandby([property: Id(0)] StandbyState State, [property: Id(1)] string? Reason = null)
{
    /// <summary>The number of its run; null without one.</summary>
    [Id(2)] public long? Generation { get; init; }

    /// <summary>The silo whose host runs it, as its address; null without one.</summary>
    [Id(3)] public string? Host { get; init; }

    /// <summary>Since when it is ready, or being started; null without one.</summary>
    [Id(4)] public DateTimeOffset? Since { get; init; }

    /// <summary>Its process id; null before its process exists.</summary>
    [Id(5)] public int? WorkerPid { get; init; }
}

/// <summary>Whether a stream that asks for a standby has one.</summary>
public enum StandbyState
{
    /// <summary>It has none, and cannot have one now.</summary>
    Unavailable,

    /// <summary>It is being started.</summary>
    Starting,

    /// <summary>It works, and steps in when it is needed.</summary>
    Ready,
}
