namespace Streams.Api.Wire;

/// <summary>The body of a choice of profile.</summary>
public sealed record ProfileChoice
{
    /// <summary>The profile's name; null for the configured default.</summary>
    public required string? Profile { get; init; }
}
