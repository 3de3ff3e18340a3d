namespace MediaMtx.Standin.Media;

/// <summary>What a kept stream shows while nobody publishes: its tracks, and for some of them samples that are repeated without end.</summary>
internal sealed record Slate(IReadOnlyList<Track> Tracks, IReadOnlyList<SlateLoop> Loops);

/// <summary>The samples of one track.</summary>
/// <param name="Track">The index of the track.</param>
/// <param name="Samples">In order of decoding.</param>
internal sealed record SlateLoop(int Track, IReadOnlyList<SlateSample> Samples)
{
    /// <summary>How long one round takes, in ticks of the track's clock.</summary>
    public long Length { get; } = Samples.Sum(sample => sample.Duration);
}

/// <summary>One sample.</summary>
/// <param name="Duration">Until the next, in ticks of the track's clock.</param>
/// <param name="Offset">From decoding to presentation, in the same ticks.</param>
/// <param name="Units">The NAL units of a picture, or one AAC frame, or one RTP payload.</param>
internal sealed record SlateSample(long Duration, long Offset, IReadOnlyList<ReadOnlyMemory<byte>> Units);
