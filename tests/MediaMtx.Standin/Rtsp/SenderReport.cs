using System.Buffers.Binary;

namespace MediaMtx.Standin.Rtsp;

/// <summary>An RTCP sender report without report blocks (RFC 3550, 6.4.1): which wall time belongs to which RTP time.</summary>
internal static class SenderReport
{
    public const int Size = 28;

    public static void Write(Span<byte> to, uint ssrc, ulong ntp, uint rtpTime, uint packets, uint octets)
    {
        to[0] = 0x80;
        to[1] = 200;
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (Size / 4) - 1);
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], ntp);
        BinaryPrimitives.WriteUInt32BigEndian(to[16..], rtpTime);
        BinaryPrimitives.WriteUInt32BigEndian(to[20..], packets);
        BinaryPrimitives.WriteUInt32BigEndian(to[24..], octets);
    }
}
