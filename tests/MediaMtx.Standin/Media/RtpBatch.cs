namespace MediaMtx.Standin.Media;

/// <summary>
/// The RTP packets of one frame, in one buffer, each behind the four bytes that RTSP's interleaving puts before it. A reader copies
/// the buffer and sets its own channel at <paramref name="Starts"/>.
/// </summary>
/// <param name="Bytes">The buffer.</param>
/// <param name="Starts">Where in it each packet's prefix begins.</param>
internal sealed record RtpBatch(byte[] Bytes, int[] Starts)
{
    public const int PrefixSize = 4;

    public static readonly RtpBatch Empty = new([], []);

    /// <summary>Bytes of the packets without the prefixes.</summary>
    public int PacketBytes => Bytes.Length - (PrefixSize * Starts.Length);

    /// <summary>The RTP timestamp of the packets.</summary>
    public uint Timestamp => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(PrefixSize + 4));
}
