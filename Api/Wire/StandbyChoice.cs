namespace Streams.Api.Wire;

/// <summary>The body of a choice of standby.</summary>
public sealed record StandbyChoice
{
    /// <summary><c>Hot</c> or <c>None</c>; null for what the stream's profile says.</summary>
    public required string? Standby { get; init; }
}
