using System.Globalization;

namespace MediaMtx.Standin.Codecs;

/// <summary>What the stand-in needs of an H.265 sequence parameter set (ITU-T H.265, 7.3.2.2.1).</summary>
internal sealed record H265Sps(int ProfileIdc, int LevelIdc, int Width, int Height)
{
    private const int HeaderSize = 2;
    private const int ProfileBits = 88;
    private const int LevelBits = 8;
    private const int MaxSubLayers = 8;

    /// <summary>The profile as the Control API names it.</summary>
    public string Profile => ProfileIdc switch
    {
        1 => "Main",
        2 => "Main 10",
        3 => "Main Still Picture",
        4 => "Range Extensions",
        5 => "High Throughput",
        6 => "Multiview Main",
        7 => "Scalable Main",
        8 => "3D Main",
        9 => "Screen Content Coding Extensions",
        10 => "Scalable Range Extensions",
        _ => ProfileIdc.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The level as the Control API names it: <c>4</c>, <c>3.1</c>; the parameter set has it times 30.</summary>
    public string Level => (LevelIdc / 30.0).ToString(LevelIdc % 30 == 0 ? "0" : "0.0", CultureInfo.InvariantCulture);

    /// <summary>Reads a parameter set in base64, as SDP's <c>sprop-sps</c> has it; null when it is none.</summary>
    public static H265Sps? Parse(string sprop)
    {
        Span<byte> bytes = new byte[sprop.Length];
        return Convert.TryFromBase64String(sprop.Split(',')[0], bytes, out int length) && length > HeaderSize
            ? Read(new BitReader(NalUnit.WithoutEmulation(bytes[HeaderSize..length])))
            : null;
    }

    private static H265Sps Read(BitReader bits)
    {
        bits.Bits(4);
        int subLayers = bits.Bits(3);
        bits.Bit();
        bits.Bits(3);
        int profile = bits.Bits(5);
        bits.Skip(ProfileBits - 8);
        int level = bits.Bits(LevelBits);
        SkipSubLayers(ref bits, subLayers);
        bits.Unsigned();
        int chroma = bits.Unsigned();
        if (chroma == 3)
        {
            bits.Bit();
        }

        int width = bits.Unsigned();
        int height = bits.Unsigned();
        if (bits.Flag())
        {
            width -= (bits.Unsigned() + bits.Unsigned()) * (chroma is 1 or 2 ? 2 : 1);
            height -= (bits.Unsigned() + bits.Unsigned()) * (chroma == 1 ? 2 : 1);
        }

        return new H265Sps(profile, level, width, height);
    }

    private static void SkipSubLayers(ref BitReader bits, int count)
    {
        int skip = 0;
        for (int i = 0; i < count; i++)
        {
            skip += (bits.Flag() ? ProfileBits : 0) + (bits.Flag() ? LevelBits : 0);
        }

        bits.Skip(skip + (count > 0 ? 2 * (MaxSubLayers - count) : 0));
    }
}
