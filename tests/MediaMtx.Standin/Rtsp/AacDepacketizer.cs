using System.Buffers.Binary;
using MediaMtx.Standin.Codecs;

namespace MediaMtx.Standin.Rtsp;

/// <summary>Takes AAC frames out of RTP payloads: RFC 3640 with AU headers of a size and an index, whole or fragmented frames.</summary>
internal sealed class AacDepacketizer(int sizeLength, int indexLength)
{
    private readonly List<byte> _fragments = [];

    /// <summary>Takes a payload.</summary>
    /// <returns>The frames that it completes.</returns>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> Take(ReadOnlyMemory<byte> payload, bool marker)
    {
        if (payload.Length < 2)
        {
            throw new InvalidDataException("payload is too short");
        }

        int headerBits = BinaryPrimitives.ReadUInt16BigEndian(payload.Span);
        int headerBytes = (headerBits + 7) / 8;
        if (headerBits == 0 || payload.Length < 2 + headerBytes)
        {
            throw new InvalidDataException("invalid AU headers");
        }

        List<int> sizes = Sizes(payload.Span.Slice(2, headerBytes), headerBits);
        ReadOnlyMemory<byte> rest = payload[(2 + headerBytes)..];
        return _fragments.Count > 0 || (sizes.Count == 1 && sizes[0] > rest.Length)
            ? TakeFragment(rest, marker)
            : Split(rest, sizes);
    }

    private List<int> Sizes(ReadOnlySpan<byte> header, int bits)
    {
        BitReader reader = new(header);
        List<int> sizes = [];
        for (int left = bits; left >= sizeLength + indexLength; left -= sizeLength + indexLength)
        {
            sizes.Add(reader.Bits(sizeLength));
            reader.Bits(indexLength);
        }

        return sizes;
    }

    private List<ReadOnlyMemory<byte>> TakeFragment(ReadOnlyMemory<byte> data, bool marker)
    {
        _fragments.AddRange(data.Span);
        if (!marker)
        {
            return [];
        }

        byte[] whole = [.. _fragments];
        _fragments.Clear();
        return [whole];
    }

    private static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> rest, List<int> sizes)
    {
        List<ReadOnlyMemory<byte>> frames = new(sizes.Count);
        foreach (int size in sizes)
        {
            if (size > rest.Length)
            {
                throw new InvalidDataException("invalid AU size");
            }

            frames.Add(rest[..size]);
            rest = rest[size..];
        }

        return frames;
    }
}
