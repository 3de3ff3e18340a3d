namespace MediaMtx.Standin.Codecs;

/// <summary>What the stand-in needs of an MPEG-4 AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1).</summary>
internal sealed record AacConfig(byte[] Bytes, int ObjectType, int SampleRate, int Channels)
{
    private static readonly int[] Rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

    /// <summary>AAC-LC, whose number is 2.</summary>
    /// <exception cref="InvalidDataException">There is no such sample rate.</exception>
    public static AacConfig LowComplexity(int sampleRate, int channels)
    {
        int index = Array.IndexOf(Rates, sampleRate);
        int bits = (2 << 11) | (index << 7) | ((channels == 8 ? 7 : channels) << 3);
        return Parse([(byte)(bits >> 8), (byte)bits]);
    }

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="InvalidDataException">Its sample rate is none.</exception>
    public static AacConfig Parse(ReadOnlySpan<byte> bytes)
    {
        BitReader bits = new(bytes);
        int type = bits.Bits(5);
        if (type == 31)
        {
            type = 32 + bits.Bits(6);
        }

        int index = bits.Bits(4);
        int rate = index == 15 ? bits.Bits(24) : index < Rates.Length ? Rates[index] : 0;
        int channels = bits.Bits(4);
        return rate > 0
            ? new AacConfig(bytes.ToArray(), type, rate, channels == 7 ? 8 : channels)
            : throw new InvalidDataException("invalid MPEG-4 Audio configuration");
    }
}
