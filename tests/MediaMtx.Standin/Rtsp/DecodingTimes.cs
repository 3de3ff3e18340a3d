namespace MediaMtx.Standin.Rtsp;

/// <summary>
/// Decoding times for pictures that came with presentation times only, as RTP has them. A picture is decoded when the one that is
/// as many places before it in order of presentation as the stream reorders is shown, so it takes the smallest time still waiting.
/// </summary>
internal sealed class DecodingTimes(int reorderFrames)
{
    private readonly PriorityQueue<long, long> _waiting = new();
    private long _last = long.MinValue;

    /// <summary>The decoding time of the next picture in order of decoding.</summary>
    /// <param name="pts">Its presentation time, in ticks.</param>
    /// <param name="frameTicks">About how long a picture lasts; for the first ones, before there is anything to wait for.</param>
    public long Next(long pts, long frameTicks)
    {
        _waiting.Enqueue(pts, pts);
        long dts = _waiting.Count > reorderFrames
            ? _waiting.Dequeue()
            : _waiting.Peek() - ((reorderFrames + 1 - _waiting.Count) * frameTicks);
        _last = Math.Min(pts, Math.Max(dts, _last == long.MinValue ? dts : _last + 1));
        return _last;
    }
}
