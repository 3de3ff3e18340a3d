namespace Streams.Api.Wire;

/// <summary>A hook's body that was read and found valid.</summary>
internal sealed record HookEvent
{
    public const int MaxBodyBytes = 16_384;
    public const int MaxSourceTypeLength = 64;
    public const int MaxSourceIdLength = 128;
    public const int MaxQueryLength = 4_096;

    public required StreamPath Path { get; init; }

    public required MediaSource Source { get; init; }

    /// <summary>Without credentials.</summary>
    public required string Query { get; init; }

    /// <summary>Null when the sender gave none.</summary>
    public Guid? EventId { get; init; }

    /// <summary>Null when the sender gave none.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>The media server; null when the sender named none.</summary>
    public string? Node { get; init; }
}
