using System.Buffers.Binary;
using MediaMtx.Standin.Codecs;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Rtsp;

/// <summary>Turns one media's RTP packets into frames of the stream.</summary>
internal sealed class RtspIngest
{
    private const int HeaderSize = 12;
    private const int SamplesPerAacFrame = 1_024;
    private const int AssumedFrameRate = 30;
    private readonly MediaInput _stream;
    private readonly AnnouncedMedia _media;
    private readonly Func<TimeSpan> _elapsed;
    private readonly H264Depacketizer _video = new();
    private readonly AacDepacketizer _audio;
    private DecodingTimes? _decoding;
    private uint _lastTimestamp;
    private long _pts = long.MinValue;

    /// <summary>Makes one.</summary>
    /// <param name="elapsed">Time since the stream's first packet: tracks begin where they came in relation to each other.</param>
    public RtspIngest(MediaInput stream, AnnouncedMedia media, Func<TimeSpan> elapsed)
    {
        _stream = stream;
        _media = media;
        _elapsed = elapsed;
        _audio = new AacDepacketizer(media.SizeLength, media.IndexLength);
        _decoding = media.Track is H264Track { Sps: byte[] sps } ? Decoding(sps) : null;
    }

    /// <summary>The size of a packet's payload.</summary>
    public static int PayloadSize(InterleavedPacket packet) => Math.Max(0, packet.Bytes.Length - HeaderSize);

    /// <summary>Takes a packet.</summary>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public void Take(byte[] packet)
    {
        if (packet.Length < HeaderSize || packet[0] >> 6 != 2)
        {
            throw new InvalidDataException("invalid RTP packet");
        }

        if ((packet[1] & 0x7F) != _media.Track.PayloadType)
        {
            return;
        }

        bool marker = (packet[1] & 0x80) != 0;
        Advance(BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4)));
        ReadOnlyMemory<byte> payload = Payload(packet);
        switch (_media.Track)
        {
            case H264Track track:
                TakeVideo(track, payload, marker);
                break;
            case AacTrack track:
                TakeAudio(track, payload, marker);
                break;
            case PacketTrack track:
                _stream.WritePayload(track.Index, _pts, payload, marker);
                break;
        }
    }

    private void TakeVideo(H264Track track, ReadOnlyMemory<byte> payload, bool marker)
    {
        if (_video.Take(payload, marker) is not { } picture)
        {
            return;
        }

        _decoding ??= FindDecodingTimes(picture);
        long dts = _decoding?.Next(_pts, H264Track.Clock / AssumedFrameRate) ?? _pts;
        _stream.WriteVideo(track.Index, _pts, dts, picture);
    }

    private void TakeAudio(AacTrack track, ReadOnlyMemory<byte> payload, bool marker)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> frames = _audio.Take(payload, marker);
        for (int i = 0; i < frames.Count; i++)
        {
            _stream.WriteAudio(track.Index, _pts + (i * SamplesPerAacFrame), frames[i]);
        }
    }

    // A publisher whose description has no parameter sets sends them before its first key frame.
    private static DecodingTimes? FindDecodingTimes(IReadOnlyList<ReadOnlyMemory<byte>> picture)
    {
        foreach (ReadOnlyMemory<byte> unit in picture)
        {
            if (NalUnit.Type(unit) == NalUnit.Sps)
            {
                return Decoding(unit.ToArray());
            }
        }

        return null;
    }

    private static DecodingTimes Decoding(byte[] sps) => new(H264Sps.Parse(sps)?.ReorderFrames ?? 0);

    private void Advance(uint timestamp)
    {
        _pts = _pts == long.MinValue
            ? (long)(_elapsed().TotalSeconds * _media.Track.ClockRate)
            : _pts + unchecked((int)(timestamp - _lastTimestamp));
        _lastTimestamp = timestamp;
    }

    private static ReadOnlyMemory<byte> Payload(byte[] packet)
    {
        int start = HeaderSize + (4 * (packet[0] & 0x0F));
        if ((packet[0] & 0x10) != 0 && packet.Length >= start + 4)
        {
            start += 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(start + 2)));
        }

        int padding = (packet[0] & 0x20) != 0 ? packet[^1] : 0;
        return start + padding <= packet.Length
            ? packet.AsMemory(start, packet.Length - start - padding)
            : throw new InvalidDataException("invalid RTP packet");
    }
}
