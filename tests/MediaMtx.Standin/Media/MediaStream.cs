using MediaMtx.Standin.Codecs;

namespace MediaMtx.Standin.Media;

/// <summary>
/// The tracks of one publisher and their fan-out. One thread at a time writes: the publisher's. Readers come and go from any.
/// </summary>
internal sealed class MediaStream
{
    private readonly Lock _gate = new();
    private readonly Track[] _tracks;
    private readonly RtpPacketizer[] _packetizers;
    private readonly Func<bool> _isFrozen;
    private FrameQueue[] _readers = [];
    private int _flvReaders;
    private long _inboundBytes;
    private long _outboundBytes;

    /// <summary>Makes a stream.</summary>
    /// <param name="tracks">Its tracks, in order of their indexes.</param>
    /// <param name="isFrozen">Asked for every frame; while it says yes, the stream behaves as if its publisher sent nothing.</param>
    /// <param name="clock">For the reference between media time and wall time.</param>
    public MediaStream(IReadOnlyList<Track> tracks, Func<bool> isFrozen, TimeProvider clock)
    {
        _tracks = [.. tracks];
        _packetizers = [.. tracks.Select(track => new RtpPacketizer(track.PayloadType, track.ClockRate, clock))];
        _isFrozen = isFrozen;
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

    /// <summary>Takes a picture from the publisher.</summary>
    public void WriteVideo(int track, long pts, long dts, IReadOnlyList<ReadOnlyMemory<byte>> units)
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

        IReadOnlyList<ReadOnlyMemory<byte>> clean = needsWork ? Remux((H264Track)_tracks[track], units, isKey) : units;
        if (clean.Count == 0 || _isFrozen())
        {
            return;
        }

        Send(new Frame(track, pts, dts, clean, isKey)
        {
            Rtp = _packetizers[track].Video(clean, pts),
            FlvBody = _flvReaders > 0 ? FlvBodies.Video(clean, isKey, pts, dts) : null,
        });
    }

    /// <summary>Takes an AAC frame from the publisher.</summary>
    public void WriteAudio(int track, long pts, ReadOnlyMemory<byte> unit)
    {
        if (unit.IsEmpty || _isFrozen())
        {
            return;
        }

        Send(new Frame(track, pts, pts, [unit], true)
        {
            Rtp = _packetizers[track].Audio(unit, pts),
            FlvBody = _flvReaders > 0 ? FlvBodies.Audio(unit) : null,
        });
    }

    /// <summary>Takes an RTP payload of a codec that is passed through.</summary>
    public void WritePayload(int track, long pts, ReadOnlyMemory<byte> payload, bool marker)
    {
        if (payload.IsEmpty || _isFrozen())
        {
            return;
        }

        Send(new Frame(track, pts, pts, [payload], true)
        {
            Rtp = _packetizers[track].Payload(payload, pts, marker),
            FlvBody = _flvReaders > 0 ? FlvBodies.Sound((PacketTrack)_tracks[track], payload) : null,
        });
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
