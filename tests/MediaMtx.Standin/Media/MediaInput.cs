namespace MediaMtx.Standin.Media;

/// <summary>
/// What one source writes to a stream. A kept stream has one after the other: each begins where the time of the last one would be now,
/// and what comes from one that was replaced is forgotten.
/// </summary>
/// <param name="stream">The stream.</param>
/// <param name="start">The stream's time at which this input's time begins.</param>
internal sealed class MediaInput(MediaStream stream, TimeSpan start)
{
    public IReadOnlyList<Track> Tracks => stream.Tracks;

    /// <summary>Takes a picture.</summary>
    public void WriteVideo(int track, long pts, long dts, IReadOnlyList<ReadOnlyMemory<byte>> units)
    {
        long offset = Offset(track);
        stream.WriteVideo(this, track, pts + offset, dts + offset, units);
    }

    /// <summary>Takes an AAC frame.</summary>
    public void WriteAudio(int track, long pts, ReadOnlyMemory<byte> unit) => stream.WriteAudio(this, track, pts + Offset(track), unit);

    /// <summary>Takes an RTP payload of a codec that is passed through.</summary>
    public void WritePayload(int track, long pts, ReadOnlyMemory<byte> payload, bool marker) =>
        stream.WritePayload(this, track, pts + Offset(track), payload, marker);

    private long Offset(int track) => (long)(start.TotalSeconds * stream.Tracks[track].ClockRate);
}
