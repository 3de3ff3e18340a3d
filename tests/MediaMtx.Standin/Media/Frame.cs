namespace MediaMtx.Standin.Media;

/// <summary>One access unit as it goes from the publisher to all readers. It does not change after it was written to the stream.</summary>
/// <param name="Track">The index of its track.</param>
/// <param name="Pts">Presentation time, in ticks of its track's clock.</param>
/// <param name="Dts">Decoding time, in the same ticks.</param>
/// <param name="Units">The NAL units of a picture, the one AAC frame, or the one RTP payload.</param>
/// <param name="IsKey">Whether a decoder can begin here.</param>
internal sealed record Frame(int Track, long Pts, long Dts, IReadOnlyList<ReadOnlyMemory<byte>> Units, bool IsKey)
{
    /// <summary>The frame as RTP packets; set before the frame reaches a reader.</summary>
    public RtpBatch Rtp { get; init; } = RtpBatch.Empty;

    /// <summary>The frame as the body of an FLV tag; null where the stream has no RTMP reader, or RTMP does not carry the codec.</summary>
    public byte[]? FlvBody { get; init; }
}
