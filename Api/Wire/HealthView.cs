namespace Streams.Api.Wire;

/// <summary>Whether the process lives, or can serve.</summary>
public sealed record HealthView
{
    /// <summary><c>Healthy</c>, <c>Degraded</c> or <c>Unhealthy</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What was checked, by name, and how it is; empty for the liveness.</summary>
    public required IReadOnlyDictionary<string, string> Checks { get; init; }
}
