using System.Buffers.Binary;

namespace MediaMtx.Standin.Media;

/// <summary>Makes the RTP packets of one track: RFC 6184 (single NAL units and FU-A), RFC 3640 (AAC-hbr), or whatever the payloads are already.</summary>
internal sealed class RtpPacketizer(int payloadType, int clockRate, TimeProvider clock)
{
    private const int HeaderSize = 12;

    // MediaMTX's default: an Ethernet frame less the headers of IP, UDP and SRTP.
    private const int MaxPayload = 1440;

    private readonly uint _offset = (uint)Random.Shared.NextInt64(uint.MaxValue);
    private readonly List<Piece> _pieces = [];
    private ushort _sequence = (ushort)Random.Shared.Next(ushort.MaxValue);

    private Position? _last;

    public uint Ssrc { get; } = (uint)Random.Shared.NextInt64(uint.MaxValue);

    /// <summary>
    /// Where a reader that begins now begins, for RTP-Info: the next sequence number, and the RTP time of now less 0.1 s, so that no
    /// picture lies before it. Null before the first packet.
    /// </summary>
    public (ushort Sequence, uint Timestamp)? Now => Volatile.Read(ref _last) is Position last
        ? (last.Next, unchecked(last.Timestamp + (uint)(long)((clock.GetElapsedTime(last.At).TotalSeconds - 0.1) * clockRate)))
        : null;

    /// <summary>Packetizes the NAL units of a picture.</summary>
    public RtpBatch Video(IReadOnlyList<ReadOnlyMemory<byte>> units, long pts)
    {
        _pieces.Clear();
        foreach (ReadOnlyMemory<byte> unit in units)
        {
            if (unit.Length <= MaxPayload)
            {
                _pieces.Add(new Piece(0, 0, unit));
                continue;
            }

            byte indicator = (byte)((unit.Span[0] & 0xE0) | Codecs.NalUnit.FuA);
            byte type = (byte)(unit.Span[0] & 0x1F);
            ReadOnlyMemory<byte> rest = unit[1..];
            for (bool first = true; !rest.IsEmpty; first = false)
            {
                int take = Math.Min(rest.Length, MaxPayload - 2);
                byte flags = (byte)((first ? 0x80 : 0) | (take == rest.Length ? 0x40 : 0));
                _pieces.Add(new Piece(2, (uint)((indicator << 8) | flags | type), rest[..take]));
                rest = rest[take..];
            }
        }

        return Pack(pts);
    }

    /// <summary>Packetizes one AAC frame; one too big for a packet is fragmented.</summary>
    public RtpBatch Audio(ReadOnlyMemory<byte> unit, long pts)
    {
        _pieces.Clear();
        uint header = (16u << 16) | (uint)(unit.Length << 3);
        for (ReadOnlyMemory<byte> rest = unit; !rest.IsEmpty;)
        {
            int take = Math.Min(rest.Length, MaxPayload - 4);
            _pieces.Add(new Piece(4, header, rest[..take]));
            rest = rest[take..];
        }

        return Pack(pts);
    }

    /// <summary>Puts a payload as it is into a packet.</summary>
    public RtpBatch Payload(ReadOnlyMemory<byte> payload, long pts, bool marker)
    {
        _pieces.Clear();
        _pieces.Add(new Piece(0, 0, payload));
        return Pack(pts, marker);
    }

    private RtpBatch Pack(long pts, bool marker = true)
    {
        int total = 0;
        foreach (Piece piece in _pieces)
        {
            total += RtpBatch.PrefixSize + HeaderSize + piece.HeadSize + piece.Body.Length;
        }

        byte[] bytes = new byte[total];
        int[] starts = new int[_pieces.Count];
        int at = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = at;
            at += Write(bytes.AsSpan(at), _pieces[i], pts, marker && i == starts.Length - 1);
        }

        Volatile.Write(ref _last, new Position(_sequence, unchecked(_offset + (uint)pts), clock.GetTimestamp()));
        return new RtpBatch(bytes, starts);
    }

    private int Write(Span<byte> to, Piece piece, long pts, bool marker)
    {
        int size = HeaderSize + piece.HeadSize + piece.Body.Length;
        to[0] = (byte)'$';
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)size);
        Span<byte> packet = to[RtpBatch.PrefixSize..];
        packet[0] = 0x80;
        packet[1] = (byte)(payloadType | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], unchecked(_offset + (uint)pts));
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], Ssrc);
        for (int i = 0; i < piece.HeadSize; i++)
        {
            packet[HeaderSize + i] = (byte)(piece.Head >> (8 * (piece.HeadSize - 1 - i)));
        }

        piece.Body.Span.CopyTo(packet[(HeaderSize + piece.HeadSize)..]);
        return RtpBatch.PrefixSize + size;
    }

    private sealed record Position(ushort Next, uint Timestamp, long At);

    private readonly record struct Piece(int HeadSize, uint Head, ReadOnlyMemory<byte> Body);
}
