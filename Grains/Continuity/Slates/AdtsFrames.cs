namespace Streams.Grains.Continuity.Slates;

/// <summary>AAC as ADTS (ISO/IEC 14496-3, 1.A.2): frames that each tell their configuration.</summary>
/// <param name="Config">The AudioSpecificConfig of all frames.</param>
/// <param name="Frames">The raw frames.</param>
internal sealed record AdtsFrames(byte[] Config, IReadOnlyList<byte[]> Frames)
{
    private const int HeaderLength = 7;
    private const int ChecksumLength = 2;

    /// <summary>Reads all frames.</summary>
    /// <exception cref="InvalidDataException">It is no ADTS, or ends within a frame.</exception>
    public static AdtsFrames Parse(ReadOnlySpan<byte> stream)
    {
        byte[]? config = null;
        List<byte[]> frames = [];
        while (stream.Length > 0)
        {
            if (stream.Length < HeaderLength || stream[0] != 0xFF || (stream[1] & 0xF6) != 0xF0)
            {
                throw new InvalidDataException("The encoder's sound is no AAC in ADTS.");
            }

            int header = HeaderLength + ((stream[1] & 1) == 0 ? ChecksumLength : 0);
            int length = ((stream[3] & 3) << 11) | (stream[4] << 3) | (stream[5] >> 5);
            if (length < header || length > stream.Length)
            {
                throw new InvalidDataException("The encoder's sound ends within a frame.");
            }

            config ??= ConfigOf(stream);
            frames.Add(stream[header..length].ToArray());
            stream = stream[length..];
        }

        return new AdtsFrames(config ?? throw new InvalidDataException("The encoder made no sound."), frames);
    }

    private static byte[] ConfigOf(ReadOnlySpan<byte> header)
    {
        int objectType = (header[2] >> 6) + 1;
        int rate = (header[2] >> 2) & 0xF;
        int channels = ((header[2] & 1) << 2) | (header[3] >> 6);
        int bits = (objectType << 11) | (rate << 7) | (channels << 3);
        return [(byte)(bits >> 8), (byte)bits];
    }
}
