using System.Buffers.Binary;

namespace MediaMtx.Standin.Media;

/// <summary>RTP payloads of MPEG audio (RFC 2250, 3.5): a header with the fragment's offset, then the frame or a piece of it.</summary>
internal static class MpegAudioPayloads
{
    public const int HeaderSize = 4;
    private const int MaxPayload = 1440;

    /// <summary>The payloads of one frame.</summary>
    public static IEnumerable<byte[]> Split(ReadOnlyMemory<byte> frame)
    {
        for (int offset = 0; offset < frame.Length; offset += MaxPayload - HeaderSize)
        {
            byte[] payload = [0, 0, 0, 0, .. frame.Span[offset..Math.Min(frame.Length, offset + MaxPayload - HeaderSize)]];
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(2), (ushort)offset);
            yield return payload;
        }
    }
}
