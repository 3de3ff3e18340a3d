using System.Buffers.Binary;
using System.Text;

namespace MediaMtx.Standin.Codecs;

/// <summary>Reads the tracks and sample tables of an MP4 file that is not fragmented (ISO/IEC 14496-12, 8).</summary>
internal static class Mp4File
{
    private const int VideoEntrySize = 78;
    private const int AudioEntrySize = 28;

    /// <exception cref="InvalidDataException">It is cut off.</exception>
    public static IReadOnlyList<Mp4Track> Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            return [.. Find(file, "moov").SelectMany(movie => Find(movie, "trak")).Select(ReadTrack).OfType<Mp4Track>()];
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new InvalidDataException("file is cut off");
        }
    }

    private static Mp4Track? ReadTrack(ReadOnlyMemory<byte> track)
    {
        ReadOnlyMemory<byte> media = First(track, "mdia");
        ReadOnlyMemory<byte> table = First(First(media, "minf"), "stbl");
        ReadOnlyMemory<byte> header = First(media, "mdhd");
        if (table.IsEmpty || header.IsEmpty)
        {
            return null;
        }

        long timeScale = Number(header, header.Span[0] == 1 ? 20 : 12);
        ReadOnlyMemory<byte> description = First(table, "stsd")[8..];
        string name = Encoding.ASCII.GetString(description.Span.Slice(4, 4));
        ReadOnlyMemory<byte> entry = description[8..(int)Number(description, 0)];
        (byte[] configuration, int channels) = ReadEntry(name, entry);
        return new Mp4Track(name, configuration, channels, timeScale, ReadSamples(table));
    }

    private static (byte[] Configuration, int Channels) ReadEntry(string name, ReadOnlyMemory<byte> entry) => name switch
    {
        "avc1" or "avc3" => (First(entry[VideoEntrySize..], "avcC").ToArray(), 0),
        "mp4a" => (ReadSoundConfiguration(First(entry[AudioEntrySize..], "esds")[4..]), BinaryPrimitives.ReadUInt16BigEndian(entry.Span[16..])),
        "Opus" or "ipcm" => ([], BinaryPrimitives.ReadUInt16BigEndian(entry.Span[16..])),
        _ => ([], 0),
    };

    // ISO/IEC 14496-1, 7.2.6: descriptors in descriptors, each with a tag and a length of seven bits a byte.
    private static byte[] ReadSoundConfiguration(ReadOnlyMemory<byte> descriptors)
    {
        ReadOnlyMemory<byte> stream = Descriptor(descriptors, 3)[3..];
        ReadOnlyMemory<byte> decoder = Descriptor(stream, 4)[13..];
        return Descriptor(decoder, 5).ToArray();
    }

    private static ReadOnlyMemory<byte> Descriptor(ReadOnlyMemory<byte> data, byte tag)
    {
        while (data.Span[0] != tag)
        {
            data = Content(data, out int size)[size..];
        }

        return Content(data, out int length)[..length];
    }

    private static ReadOnlyMemory<byte> Content(ReadOnlyMemory<byte> data, out int length)
    {
        int at = 1;
        length = 0;
        do
        {
            length = (length << 7) | (data.Span[at] & 0x7F);
        }
        while ((data.Span[at++] & 0x80) != 0);
        return data[at..];
    }

    private static List<Mp4Sample> ReadSamples(ReadOnlyMemory<byte> table)
    {
        int[] sizes = ReadSizes(First(table, "stsz"));
        long[] durations = Spread(First(table, "stts"), sizes.Length);
        long[] offsets = Spread(First(table, "ctts"), sizes.Length);
        long[] chunks = ReadChunks(table);
        List<Mp4Sample> samples = new(sizes.Length);
        foreach ((long chunk, int count) in chunks.Zip(ReadChunkSizes(First(table, "stsc"), chunks.Length)))
        {
            long position = chunk;
            for (int left = count; left > 0 && samples.Count < sizes.Length; left--)
            {
                int at = samples.Count;
                samples.Add(new Mp4Sample(position, sizes[at], durations[at], (int)offsets[at]));
                position += sizes[at];
            }
        }

        return samples;
    }

    private static int[] ReadSizes(ReadOnlyMemory<byte> box)
    {
        int common = (int)Number(box, 4);
        return [.. Enumerable.Range(0, (int)Number(box, 8)).Select(i => common > 0 ? common : (int)Number(box, 12 + (4 * i)))];
    }

    private static long[] ReadChunks(ReadOnlyMemory<byte> table)
    {
        ReadOnlyMemory<byte> box = First(table, "stco");
        if (!box.IsEmpty)
        {
            return [.. Enumerable.Range(0, (int)Number(box, 4)).Select(i => Number(box, 8 + (4 * i)))];
        }

        ReadOnlyMemory<byte> large = First(table, "co64");
        return large.IsEmpty ? [] : [.. Enumerable.Range(0, (int)Number(large, 4)).Select(i => BinaryPrimitives.ReadInt64BigEndian(large.Span[(8 + (8 * i))..]))];
    }

    // Runs of pairs: how many, and of what.
    private static long[] Spread(ReadOnlyMemory<byte> box, int count)
    {
        long[] values = new long[count];
        int at = 0;
        for (int run = 0; !box.IsEmpty && run < Number(box, 4); run++)
        {
            for (long left = Number(box, 8 + (8 * run)); left > 0 && at < count; left--)
            {
                values[at++] = Number(box, 12 + (8 * run));
            }
        }

        return values;
    }

    private static IEnumerable<int> ReadChunkSizes(ReadOnlyMemory<byte> box, int chunks)
    {
        int runs = (int)Number(box, 4);
        int run = 0;
        for (int chunk = 1; chunk <= chunks; chunk++)
        {
            run += run + 1 < runs && Number(box, 8 + (12 * (run + 1))) == chunk ? 1 : 0;
            yield return (int)Number(box, 12 + (12 * run));
        }
    }

    private static ReadOnlyMemory<byte> First(ReadOnlyMemory<byte> data, string name) => Find(data, name).FirstOrDefault();

    private static IEnumerable<ReadOnlyMemory<byte>> Find(ReadOnlyMemory<byte> data, string name)
    {
        while (data.Length >= 8)
        {
            long size = Number(data, 0);
            int header = 8;
            if (size == 1)
            {
                size = BinaryPrimitives.ReadInt64BigEndian(data.Span[8..]);
                header = 16;
            }

            size = size == 0 ? data.Length : size;
            if (size < header || size > data.Length)
            {
                throw new InvalidDataException("file is cut off");
            }

            if (Encoding.ASCII.GetString(data.Span.Slice(4, 4)) == name)
            {
                yield return data[header..(int)size];
            }

            data = data[(int)size..];
        }
    }

    private static long Number(ReadOnlyMemory<byte> data, int at) => BinaryPrimitives.ReadUInt32BigEndian(data.Span[at..]);
}
