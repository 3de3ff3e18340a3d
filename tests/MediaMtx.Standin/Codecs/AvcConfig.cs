using System.Buffers.Binary;

namespace MediaMtx.Standin.Codecs;

/// <summary>The AVC decoder configuration record (ISO/IEC 14496-15, 5.3.3.1).</summary>
internal static class AvcConfig
{
    /// <summary>Reads the first parameter sets.</summary>
    /// <exception cref="InvalidDataException">There are none.</exception>
    public static (byte[] Sps, byte[] Pps) Parse(ReadOnlySpan<byte> record)
    {
        if (record.Length < 7 || (record[5] & 0x1F) < 1)
        {
            throw new InvalidDataException("no SPS found");
        }

        int at = 6;
        byte[] sps = [];
        for (int left = record[5] & 0x1F; left > 0; left--)
        {
            byte[] set = Take(record, ref at, "no SPS found");
            sps = sps.Length == 0 ? set : sps;
        }

        if (at >= record.Length || record[at++] < 1)
        {
            throw new InvalidDataException("no PPS found");
        }

        return (sps, Take(record, ref at, "no PPS found"));
    }

    /// <summary>Writes a record with one set of each kind.</summary>
    public static byte[] Write(ReadOnlySpan<byte> sps, ReadOnlySpan<byte> pps)
    {
        byte[] record = new byte[11 + sps.Length + pps.Length];
        record[0] = 1;
        sps.Slice(1, 3).CopyTo(record.AsSpan(1));
        record[4] = 0xFF;
        record[5] = 0xE1;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(6), (ushort)sps.Length);
        sps.CopyTo(record.AsSpan(8));
        int at = 8 + sps.Length;
        record[at] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(at + 1), (ushort)pps.Length);
        pps.CopyTo(record.AsSpan(at + 3));
        return record;
    }

    private static byte[] Take(ReadOnlySpan<byte> record, ref int at, string missing)
    {
        if (record.Length < at + 2)
        {
            throw new InvalidDataException(missing);
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(record[at..]);
        if (length == 0 || record.Length < at + 2 + length)
        {
            throw new InvalidDataException(missing);
        }

        byte[] set = record.Slice(at + 2, length).ToArray();
        at += 2 + length;
        return set;
    }
}
