using MediaMtx.Standin.Codecs;

namespace MediaMtx.Standin.Media;

/// <summary>
/// Tracks and their fan-out to readers, who come and go from any thread. It belongs to one publisher and ends with it, or it is kept:
/// then publishers, and between them the slate, write to it one after the other.
/// </summary>
internal sealed class MediaStream
{
    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private readonly TimeProvider _clock;
    private readonly Track[] _tracks;
    private readonly RtpPacketizer[] _packetizers;
    private readonly Func<bool> _isFrozen;
    private FrameQueue[] _readers = [];
    private int _flvReaders;
    private long _inboundBytes;
    private long _outboundBytes;
    private MediaInput? _input;
    private double _lastMedia;
    private long _lastAt;

    /// <summary>Makes a stream.</summary>
    /// <param name="tracks">Its tracks, in order of their indexes.</param>
    /// <param name="isFrozen">Asked for every frame; while it says yes, the stream behaves as if its publisher sent nothing.</param>
    /// <param name="clock">For the reference between media time and wall time.</param>
    public MediaStream(IReadOnlyList<Track> tracks, Func<bool> isFrozen, TimeProvider clock)
    {
        _tracks = [.. tracks];
        _packetizers = [.. tracks.Select(track => new RtpPacketizer(track.PayloadType, track.ClockRate, clock))];
        _isFrozen = isFrozen;
        _clock = clock;
        Timeline = new StreamTimeline(clock);
    }

    public StreamTimeline Timeline { get; }

    public IReadOnlyList<Track> Tracks => _tracks;

    /// <summary>Bytes received, as RTP packets.</summary>
    public long InboundBytes => Interlocked.Read(ref _inboundBytes);

    /// <summary>Bytes handed to readers, as RTP packets.</summary>
    public long OutboundBytes => Interlocked.Read(ref _outboundBytes);

    /// <summary>The packetizer of a track, for what its readers are told of it.</summary>
    public RtpPacketizer Rtp(int track) => _packetizers[track];

    /// <summary>Lets another source write, in place of the present one.</summary>
    /// <param name="tracks">Its tracks, which match those of the stream.</param>
    public MediaInput Begin(IReadOnlyList<Track> tracks)
    {
        lock (_writing)
        {
            TimeSpan start = _lastAt == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max(0, _lastMedia)) + _clock.GetElapsedTime(_lastAt);
            foreach (H264Track video in tracks.OfType<H264Track>())
            {
                Learn(video.Index, video.Sps, video.Pps);
            }

            return _input = new MediaInput(this, start);
        }
    }

    public void Add(FrameQueue reader)
    {
        lock (_gate)
        {
            _readers = [.. _readers, reader];
            _flvReaders += reader.WantsFlv ? 1 : 0;
        }
    }

    public void Remove(FrameQueue reader)
    {
        lock (_gate)
        {
            FrameQueue[] left = [.. _readers.Where(other => other != reader)];
            _flvReaders -= left.Length < _readers.Length && reader.WantsFlv ? 1 : 0;
            _readers = left;
        }
    }

    /// <summary>Takes a picture; called by the input.</summary>
    public void WriteVideo(MediaInput input, int track, long pts, long dts, IReadOnlyList<ReadOnlyMemory<byte>> units)
    {
        lock (_writing)
        {
            if (_input != input)
            {
                return;
            }

            (IReadOnlyList<ReadOnlyMemory<byte>> clean, bool isKey) = Clean(track, units);
            if (clean.Count > 0 && !_isFrozen())
            {
                Send(new Frame(track, pts, dts, clean, isKey)
                {
                    Rtp = _packetizers[track].Video(clean, pts),
                    FlvBody = _flvReaders > 0 ? FlvBodies.Video(clean, isKey, pts, dts) : null,
                });
            }
        }
    }

    /// <summary>Takes an AAC frame; called by the input.</summary>
    public void WriteAudio(MediaInput input, int track, long pts, ReadOnlyMemory<byte> unit)
    {
        lock (_writing)
        {
            if (_input == input && !unit.IsEmpty && !_isFrozen())
            {
                Send(new Frame(track, pts, pts, [unit], true)
                {
                    Rtp = _packetizers[track].Audio(unit, pts),
                    FlvBody = _flvReaders > 0 ? FlvBodies.Audio(unit) : null,
                });
            }
        }
    }

    /// <summary>Takes an RTP payload of a codec that is passed through; called by the input.</summary>
    public void WritePayload(MediaInput input, int track, long pts, ReadOnlyMemory<byte> payload, bool marker)
    {
        lock (_writing)
        {
            if (_input == input && !payload.IsEmpty && !_isFrozen())
            {
                Send(new Frame(track, pts, pts, [payload], true)
                {
                    Rtp = _packetizers[track].Payload(payload, pts, marker),
                    FlvBody = _flvReaders > 0 ? FlvBodies.Sound((PacketTrack)_tracks[track], payload) : null,
                });
            }
        }
    }

    private (IReadOnlyList<ReadOnlyMemory<byte>> Units, bool IsKey) Clean(int track, IReadOnlyList<ReadOnlyMemory<byte>> units)
    {
        bool isKey = false;
        bool needsWork = false;
        byte[]? sps = null;
        byte[]? pps = null;
        for (int i = 0; i < units.Count; i++)
        {
            switch (NalUnit.Type(units[i]))
            {
                case NalUnit.Sps:
                    sps = units[i].ToArray();
                    needsWork = true;
                    break;
                case NalUnit.Pps:
                    pps = units[i].ToArray();
                    needsWork = true;
                    break;
                case NalUnit.Delimiter:
                    needsWork = true;
                    break;
                case NalUnit.Idr:
                    isKey = needsWork = true;
                    break;
            }
        }

        if (sps is not null || pps is not null)
        {
            Learn(track, sps, pps);
        }

        return (needsWork ? Remux((H264Track)_tracks[track], units, isKey) : units, isKey);
    }

    // A key frame gets the parameter sets before it, delimiters go: what MediaMTX does, so that a reader can begin anywhere.
    private static List<ReadOnlyMemory<byte>> Remux(H264Track track, IReadOnlyList<ReadOnlyMemory<byte>> units, bool isKey)
    {
        List<ReadOnlyMemory<byte>> clean = new(units.Count + 2);
        if (isKey && track is { Sps: not null, Pps: not null })
        {
            clean.Add(track.Sps);
            clean.Add(track.Pps);
        }

        clean.AddRange(units.Where(unit => NalUnit.Type(unit) is not (NalUnit.Sps or NalUnit.Pps or NalUnit.Delimiter)));
        return clean;
    }

    private void Learn(int index, byte[]? sps, byte[]? pps)
    {
        H264Track track = (H264Track)_tracks[index];
        if ((sps is null || sps.AsSpan().SequenceEqual(track.Sps)) && (pps is null || pps.AsSpan().SequenceEqual(track.Pps)))
        {
            return;
        }

        _tracks[index] = track with { Sps = sps ?? track.Sps, Pps = pps ?? track.Pps };
    }

    private void Send(Frame frame)
    {
        Timeline.Note(frame.Pts, _tracks[frame.Track].ClockRate);
        _lastMedia = Math.Max(_lastMedia, (double)frame.Pts / _tracks[frame.Track].ClockRate);
        _lastAt = _clock.GetTimestamp();
        FrameQueue[] readers = Volatile.Read(ref _readers);
        int bytes = frame.Rtp.PacketBytes;
        Interlocked.Add(ref _inboundBytes, bytes);
        Interlocked.Add(ref _outboundBytes, (long)bytes * readers.Length);
        foreach (FrameQueue reader in readers)
        {
            reader.Push(frame);
        }
    }
}
