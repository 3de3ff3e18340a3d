namespace Streams.Grains.Continuity.Slates;

/// <summary>The format of the pictures of a High profile's sequence parameter set (ITU-T H.264, 7.3.2.1.1).</summary>
internal static class SpsFormat
{
    /// <summary>Reads <c>chroma_format_idc</c> and the bits of a luma sample.</summary>
    public static (int Chroma, int LumaBits) Read(ReadOnlySpan<byte> sps)
    {
        int position = 4 * 8; // Behind the NAL unit's header, the profile, its constraints and the level: no emulation prevention before this.
        ReadExpGolomb(sps, ref position);
        int chroma = ReadExpGolomb(sps, ref position);
        if (chroma == 3)
        {
            position++;
        }

        return (chroma, 8 + ReadExpGolomb(sps, ref position));
    }

    private static int ReadExpGolomb(ReadOnlySpan<byte> bytes, ref int position)
    {
        int zeros = 0;
        while (ReadBit(bytes, ref position) == 0)
        {
            zeros++;
        }

        int value = 1;
        for (int i = 0; i < zeros; i++)
        {
            value = (value << 1) | ReadBit(bytes, ref position);
        }

        return value - 1;
    }

    private static int ReadBit(ReadOnlySpan<byte> bytes, ref int position)
    {
        int bit = (bytes[position >> 3] >> (7 - (position & 7))) & 1;
        position++;
        return bit;
    }
}
