namespace Streams.Verify.Audience;

/// <summary>What a reader saw since it began.</summary>
internal sealed record ReaderLog
{
    /// <summary>The decoded pictures, in the order in which they came.</summary>
    public required IReadOnlyList<SeenFrame> Pictures { get; init; }

    /// <summary>The packets of sound; none where the reader does not tell.</summary>
    public IReadOnlyList<SeenFrame> Sounds { get; init; } = [];

    /// <summary>When it was disconnected, or had to begin anew.</summary>
    public IReadOnlyList<TimeSpan> Losses { get; init; } = [];

    /// <summary>What its program wrote.</summary>
    public IReadOnlyList<Complaint> Complaints { get; init; } = [];
}
