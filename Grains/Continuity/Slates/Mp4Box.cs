using System.Buffers.Binary;
using System.Text;

namespace Streams.Grains.Continuity.Slates;

/// <summary>Writes boxes of the ISO base media file format (ISO/IEC 14496-12).</summary>
internal static class Mp4Box
{
    /// <summary>A box: its length, its type, its content.</summary>
    /// <param name="type">Four characters.</param>
    /// <param name="parts">The content.</param>
    public static byte[] Of(string type, params ReadOnlySpan<byte[]> parts)
    {
        byte[] content = Join(parts);
        return Join(U32((uint)content.Length + 8), Encoding.ASCII.GetBytes(type), content);
    }

    /// <summary>A box with version and flags.</summary>
    public static byte[] Full(string type, uint versionAndFlags, params ReadOnlySpan<byte[]> parts) => Of(type, [U32(versionAndFlags), .. parts]);

    public static byte[] U16(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, checked((ushort)value));
        return bytes;
    }

    public static byte[] U32(long value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, checked((uint)value));
        return bytes;
    }

    public static byte[] Zeros(int count) => new byte[count];

    public static byte[] Join(params ReadOnlySpan<byte[]> parts)
    {
        MemoryStream all = new();
        foreach (byte[] part in parts)
        {
            all.Write(part);
        }

        return all.ToArray();
    }
}
