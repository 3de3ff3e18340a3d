namespace Streams.Grains.Continuity.Slates;

/// <summary>H.264 as a byte stream (ITU-T H.264, annex B): NAL units behind start codes.</summary>
internal static class AnnexB
{
    /// <summary>The NAL units, without start codes.</summary>
    public static List<byte[]> Split(ReadOnlySpan<byte> stream)
    {
        List<byte[]> units = [];
        int begin = Next(stream, 0);
        while (begin < stream.Length)
        {
            int next = Next(stream, begin);
            int end = next < stream.Length ? next - 3 : stream.Length;
            ReadOnlySpan<byte> unit = stream[begin..end].TrimEnd((byte)0); // A start code may have one more zero before it.
            if (unit.Length > 0)
            {
                units.Add(unit.ToArray());
            }

            begin = next;
        }

        return units;
    }

    /// <summary>The pictures of a stream with access unit delimiters, each with the units that a decoder needs: parameter sets and slices.</summary>
    public static List<List<byte[]>> SplitPictures(ReadOnlySpan<byte> stream)
    {
        List<List<byte[]>> pictures = [];
        foreach (byte[] unit in Split(stream))
        {
            switch (unit[0] & 0x1F)
            {
                case 9:
                    pictures.Add([]);
                    break;
                case 1 or 5 or 7 or 8 when pictures.Count > 0:
                    pictures[^1].Add(unit);
                    break;
            }
        }

        return pictures;
    }

    /// <summary>The units as a sample of an MP4 file has them: each behind its length.</summary>
    public static byte[] Prefix(IEnumerable<byte[]> units) => Mp4Box.Join([.. units.SelectMany(static unit => new[] { Mp4Box.U32(unit.Length), unit })]);

    /// <summary>Whether a unit is a slice of a picture that needs no other.</summary>
    public static bool IsKeyFrame(byte[] unit) => (unit[0] & 0x1F) == 5;

    /// <summary>Where the unit behind the next start code begins; the length when there is none.</summary>
    private static int Next(ReadOnlySpan<byte> stream, int from)
    {
        int found = stream[from..].IndexOf((ReadOnlySpan<byte>)[0, 0, 1]);
        return found < 0 ? stream.Length : from + found + 3;
    }
}
