namespace MediaMtx.Standin.Codecs;

/// <summary>The one number that the stand-in needs of H.264's VUI parameters (ITU-T H.264, annex E.1.1): how many frames are reordered.</summary>
internal static class H264Vui
{
    /// <summary>Reads it.</summary>
    /// <param name="bits">Stands at the first bit of the VUI parameters.</param>
    /// <param name="fallback">The answer where they do not say it.</param>
    public static int ReadReorderFrames(ref BitReader bits, int fallback)
    {
        if (bits.Flag() && bits.Bits(8) == 255)
        {
            bits.Bits(32);
        }

        if (bits.Flag())
        {
            bits.Bit();
        }

        if (bits.Flag())
        {
            bits.Bits(4);
            if (bits.Flag())
            {
                bits.Bits(24);
            }
        }

        if (bits.Flag())
        {
            bits.Unsigned();
            bits.Unsigned();
        }

        if (bits.Flag())
        {
            bits.Bits(32);
            bits.Bits(32);
            bits.Bit();
        }

        return ReadRestriction(ref bits, fallback);
    }

    private static int ReadRestriction(ref BitReader bits, int fallback)
    {
        bool nal = bits.Flag();
        SkipHrd(ref bits, nal);
        bool vcl = bits.Flag();
        SkipHrd(ref bits, vcl);
        if (nal || vcl)
        {
            bits.Bit();
        }

        bits.Bit();
        if (!bits.Flag())
        {
            return fallback;
        }

        bits.Bit();
        for (int i = 0; i < 4; i++)
        {
            bits.Unsigned();
        }

        return bits.Unsigned();
    }

    private static void SkipHrd(ref BitReader bits, bool present)
    {
        if (!present)
        {
            return;
        }

        int count = bits.Unsigned() + 1;
        bits.Bits(8);
        for (int i = 0; i < count && !bits.AtEnd; i++)
        {
            bits.Unsigned();
            bits.Unsigned();
            bits.Bit();
        }

        bits.Bits(20);
    }
}
