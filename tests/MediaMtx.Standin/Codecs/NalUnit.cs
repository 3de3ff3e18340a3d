namespace MediaMtx.Standin.Codecs;

/// <summary>Types of H.264 NAL units (ITU-T H.264, table 7-1; RFC 6184, table 1).</summary>
internal static class NalUnit
{
    public const int Slice = 1;
    public const int Idr = 5;
    public const int Sps = 7;
    public const int Pps = 8;
    public const int Delimiter = 9;
    public const int StapA = 24;
    public const int FuA = 28;

    public static int Type(ReadOnlyMemory<byte> unit) => unit.Span[0] & 0x1F;

    /// <summary>Splits an access unit in which every NAL unit stands behind its length of four bytes, as FLV and MP4 have it.</summary>
    /// <exception cref="InvalidDataException">A length points past the end.</exception>
    public static List<ReadOnlyMemory<byte>> SplitByLength(ReadOnlyMemory<byte> data)
    {
        List<ReadOnlyMemory<byte>> units = new(4);
        while (data.Length >= 4)
        {
            uint length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(data.Span);
            if (length > data.Length - 4)
            {
                throw new InvalidDataException("unable to decode AVCC: a NAL unit is longer than its message");
            }

            if (length > 0)
            {
                units.Add(data.Slice(4, (int)length));
            }

            data = data[(4 + (int)length)..];
        }

        return units;
    }

    /// <summary>Takes the bytes out that keep start codes from appearing in a payload.</summary>
    public static byte[] WithoutEmulation(ReadOnlySpan<byte> data)
    {
        List<byte> clean = new(data.Length);
        for (int i = 0; i < data.Length; i++)
        {
            if (data[i] != 3 || i < 2 || data[i - 1] != 0 || data[i - 2] != 0)
            {
                clean.Add(data[i]);
            }
        }

        return [.. clean];
    }
}
