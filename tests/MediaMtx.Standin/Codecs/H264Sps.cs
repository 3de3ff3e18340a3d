namespace MediaMtx.Standin.Codecs;

/// <summary>What the stand-in needs of an H.264 sequence parameter set (ITU-T H.264, 7.3.2.1.1 and annex E.1.1).</summary>
internal sealed record H264Sps(int ProfileIdc, int LevelIdc, int Width, int Height, int ReorderFrames)
{
    /// <summary>The profile as the Control API names it.</summary>
    public string Profile => ProfileIdc switch
    {
        66 => "Baseline",
        77 => "Main",
        88 => "Extended",
        100 => "High",
        110 => "High 10",
        122 => "High 4:2:2",
        244 => "High 4:4:4 Predictive",
        _ => ProfileIdc.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>The level as the Control API names it: <c>4</c>, <c>3.1</c>.</summary>
    public string Level => LevelIdc % 10 == 0 ? $"{LevelIdc / 10}" : $"{LevelIdc / 10}.{LevelIdc % 10}";

    /// <summary>Reads a parameter set with its header byte; null when it is too short to be one.</summary>
    public static H264Sps? Parse(ReadOnlySpan<byte> nalu)
    {
        if (nalu.Length < 4)
        {
            return null;
        }

        BitReader bits = new(NalUnit.WithoutEmulation(nalu[1..]));
        int profile = bits.Bits(8);
        bits.Bits(8);
        int level = bits.Bits(8);
        bits.Unsigned();
        int chroma = HasChroma(profile) ? ReadChroma(ref bits) : 1;
        bits.Unsigned();
        int orderType = ReadPictureOrder(ref bits);
        bits.Unsigned();
        bits.Bit();
        int widthInBlocks = bits.Unsigned() + 1;
        int heightInUnits = bits.Unsigned() + 1;
        bool framesOnly = bits.Flag();
        if (!framesOnly)
        {
            bits.Bit();
        }

        bits.Bit();
        (int cropX, int cropY) = ReadCrop(ref bits, chroma, framesOnly);
        int fallback = orderType == 2 || profile == 66 ? 0 : 2;
        int reorder = bits.Flag() ? H264Vui.ReadReorderFrames(ref bits, fallback) : fallback;
        return new H264Sps(profile, level, (widthInBlocks * 16) - cropX, (heightInUnits * 16 * (framesOnly ? 1 : 2)) - cropY, reorder);
    }

    private static bool HasChroma(int profile) => profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135;

    private static int ReadChroma(ref BitReader bits)
    {
        int chroma = bits.Unsigned();
        if (chroma == 3)
        {
            bits.Bit();
        }

        bits.Unsigned();
        bits.Unsigned();
        bits.Bit();
        if (bits.Flag())
        {
            for (int list = 0; list < (chroma == 3 ? 12 : 8); list++)
            {
                if (bits.Flag())
                {
                    SkipScalingList(ref bits, list < 6 ? 16 : 64);
                }
            }
        }

        return chroma;
    }

    private static void SkipScalingList(ref BitReader bits, int size)
    {
        int last = 8;
        int next = 8;
        for (int i = 0; i < size; i++)
        {
            if (next != 0)
            {
                next = (last + bits.Signed() + 256) % 256;
            }

            last = next == 0 ? last : next;
        }
    }

    private static int ReadPictureOrder(ref BitReader bits)
    {
        int type = bits.Unsigned();
        if (type == 0)
        {
            bits.Unsigned();
        }
        else if (type == 1)
        {
            bits.Bit();
            bits.Signed();
            bits.Signed();
            for (int left = bits.Unsigned(); left > 0 && !bits.AtEnd; left--)
            {
                bits.Signed();
            }
        }

        return type;
    }

    private static (int X, int Y) ReadCrop(ref BitReader bits, int chroma, bool framesOnly)
    {
        if (!bits.Flag())
        {
            return (0, 0);
        }

        int unitX = chroma is 1 or 2 ? 2 : 1;
        int unitY = (chroma == 1 ? 2 : 1) * (framesOnly ? 1 : 2);
        int left = bits.Unsigned();
        int right = bits.Unsigned();
        int top = bits.Unsigned();
        int bottom = bits.Unsigned();
        return ((left + right) * unitX, (top + bottom) * unitY);
    }
}
