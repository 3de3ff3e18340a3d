namespace MediaMtx.Standin.Media;

/// <summary>Which wall time belongs to which media time: all tracks share the reference, so that RTCP lets players keep them together.</summary>
internal sealed class StreamTimeline(TimeProvider clock)
{
    private static readonly DateTimeOffset NtpEpoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private Reference? _reference;

    /// <summary>
    /// Takes a frame's time. The first one is the reference; one that would lie in the future becomes it, for what was analysed
    /// before a stream is available comes in one burst.
    /// </summary>
    public void Note(long pts, int clockRate)
    {
        double media = (double)pts / clockRate;
        DateTimeOffset now = clock.GetUtcNow();
        if (_reference is not Reference reference || reference.At(media) > now)
        {
            Volatile.Write(ref _reference, new Reference(media, now));
        }
    }

    /// <summary>The wall time of a presentation time, as NTP's 64 bits: seconds since 1900 and their fraction.</summary>
    public ulong ToNtp(long pts, int clockRate)
    {
        Reference reference = Volatile.Read(ref _reference) ?? new Reference(0, clock.GetUtcNow());
        double seconds = (reference.At((double)pts / clockRate) - NtpEpoch).TotalSeconds;
        ulong whole = (ulong)seconds;
        return (whole << 32) | (ulong)((seconds - whole) * 4_294_967_296.0);
    }

    private sealed record Reference(double Media, DateTimeOffset Wall)
    {
        public DateTimeOffset At(double media) => Wall.AddSeconds(media - Media);
    }
}
