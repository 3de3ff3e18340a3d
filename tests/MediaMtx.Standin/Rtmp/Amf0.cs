using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MediaMtx.Standin.Rtmp;

/// <summary>
/// AMF0 (Adobe's AMF 0 specification): numbers, booleans, strings, objects (as dictionaries), arrays, null. Other values are refused.
/// </summary>
internal static class Amf0
{
    private const int MaxDepth = 16;

    /// <summary>Reads all values of a body.</summary>
    /// <exception cref="InvalidDataException">It is cut off, or has something unknown.</exception>
    public static List<object?> Read(ReadOnlySpan<byte> body)
    {
        List<object?> values = [];
        int at = 0;
        while (at < body.Length)
        {
            values.Add(ReadValue(body, ref at, 0));
        }

        return values;
    }

    /// <summary>Writes values: double, bool, string, null, and lists of pairs as objects.</summary>
    public static byte[] Write(params ReadOnlySpan<object?> values)
    {
        ArrayBufferWriter<byte> buffer = new(256);
        foreach (object? value in values)
        {
            WriteValue(buffer, value);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static object? ReadValue(ReadOnlySpan<byte> body, ref int at, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException("AMF0 value is nested too deeply");
        }

        byte marker = Take(body, ref at, 1)[0];
        return marker switch
        {
            0 => BinaryPrimitives.ReadDoubleBigEndian(Take(body, ref at, 8)),
            1 => Take(body, ref at, 1)[0] != 0,
            2 => ReadText(body, ref at),
            3 => ReadObject(body, ref at, depth),
            5 or 6 => null,
            8 => ReadEcmaArray(body, ref at, depth),
            10 => ReadStrictArray(body, ref at, depth),
            11 => BinaryPrimitives.ReadDoubleBigEndian(Take(body, ref at, 10)),
            12 => Encoding.UTF8.GetString(Take(body, ref at, BinaryPrimitives.ReadInt32BigEndian(Take(body, ref at, 4)))),
            _ => throw new InvalidDataException($"unsupported AMF0 marker: {marker}"),
        };
    }

    private static Dictionary<string, object?> ReadObject(ReadOnlySpan<byte> body, ref int at, int depth)
    {
        Dictionary<string, object?> map = new(StringComparer.Ordinal);
        while (true)
        {
            string key = ReadText(body, ref at);
            if (key.Length == 0 && at < body.Length && body[at] == 9)
            {
                at++;
                return map;
            }

            map[key] = ReadValue(body, ref at, depth + 1);
        }
    }

    private static Dictionary<string, object?> ReadEcmaArray(ReadOnlySpan<byte> body, ref int at, int depth)
    {
        Take(body, ref at, 4);
        return ReadObject(body, ref at, depth);
    }

    private static List<object?> ReadStrictArray(ReadOnlySpan<byte> body, ref int at, int depth)
    {
        uint count = BinaryPrimitives.ReadUInt32BigEndian(Take(body, ref at, 4));
        List<object?> items = [];
        for (uint i = 0; i < count; i++)
        {
            items.Add(ReadValue(body, ref at, depth + 1));
        }

        return items;
    }

    private static string ReadText(ReadOnlySpan<byte> body, ref int at) =>
        Encoding.UTF8.GetString(Take(body, ref at, BinaryPrimitives.ReadUInt16BigEndian(Take(body, ref at, 2))));

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> body, ref int at, int count)
    {
        if (count < 0 || body.Length - at < count)
        {
            throw new InvalidDataException("AMF0 value is cut off");
        }

        at += count;
        return body.Slice(at - count, count);
    }

    private static void WriteValue(ArrayBufferWriter<byte> buffer, object? value)
    {
        switch (value)
        {
            case null:
                Add(buffer, [5]);
                break;
            case double number:
                Add(buffer, [0]);
                BinaryPrimitives.WriteDoubleBigEndian(buffer.GetSpan(8), number);
                buffer.Advance(8);
                break;
            case bool flag:
                Add(buffer, [1, flag ? (byte)1 : (byte)0]);
                break;
            case string text:
                Add(buffer, [2]);
                WriteText(buffer, text);
                break;
            case (string Key, object? Value)[] pairs:
                Add(buffer, [3]);
                foreach ((string key, object? item) in pairs)
                {
                    WriteText(buffer, key);
                    WriteValue(buffer, item);
                }

                Add(buffer, [0, 0, 9]);
                break;
            default:
                throw new ArgumentException($"AMF0 has no {value.GetType()}", nameof(value));
        }
    }

    private static void WriteText(ArrayBufferWriter<byte> buffer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.GetSpan(2), (ushort)bytes.Length);
        buffer.Advance(2);
        buffer.Write(bytes);
    }

    private static void Add(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> bytes) => buffer.Write(bytes);
}
