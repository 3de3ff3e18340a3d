namespace Streams.Grains.Workers;

/// <summary>The process of a worker run.</summary>
/// <param name="Pid">Its process id, which is also its process group.</param>
/// <param name="StartedAt">When it started.</param>
[GenerateSerializer, Immutable, Alias("Streams.WorkerProcessInfo")]
public sealed record WorkerProcessInfo([property: Id(0)] int Pid, [property: Id(1)] DateTimeOffset StartedAt)
{
    /// <summary>Whether its output is kept; null for runs from before that was known.</summary>
    [Id(2)] public StreamContinuity? Continuity { get; init; }
}
