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

    /// <summary>Where the unit behind the next start code begins; the length when there is none.</summary>
    private static int Next(ReadOnlySpan<byte> stream, int from)
    {
        int found = stream[from..].IndexOf((ReadOnlySpan<byte>)[0, 0, 1]);
        return found < 0 ? stream.Length : from + found + 3;
    }
}
