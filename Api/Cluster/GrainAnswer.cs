namespace Streams.Api.Cluster;

/// <summary>Result of a call to a grain: its answer, or why there is none.</summary>
/// <param name="Value">The answer; meaningless when <paramref name="Unavailable"/> is set.</param>
/// <param name="Unavailable">Why the cluster did not answer, for people; null when it did.</param>
internal readonly record struct GrainAnswer<T>(T Value, string? Unavailable)
{
    /// <summary>Whether the store is the reason; the cluster itself answers.</summary>
    public bool IsStoreAway { get; init; }
}
