using System.Buffers.Binary;
using MediaMtx.Standin.Codecs;

namespace MediaMtx.Standin.Rtsp;

/// <summary>Puts pictures together from RTP payloads: RFC 6184, single NAL units, STAP-A and FU-A. The marker bit ends a picture.</summary>
internal sealed class H264Depacketizer
{
    private const int MaxPicture = 8 * 1024 * 1024;
    private readonly List<byte[]> _fragments = [];
    private List<ReadOnlyMemory<byte>> _units = [];
    private int _fragmentBytes;

    /// <summary>Takes a payload.</summary>
    /// <returns>The picture that it completes; null when it completes none.</returns>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Take(ReadOnlyMemory<byte> payload, bool marker)
    {
        if (payload.Length < 1)
        {
            return null;
        }

        switch (NalUnit.Type(payload))
        {
            case NalUnit.StapA:
                TakeAggregate(payload[1..]);
                break;
            case NalUnit.FuA:
                TakeFragment(payload.Span);
                break;
            case >= 1 and < NalUnit.StapA:
                _units.Add(payload);
                break;
            default:
                throw new InvalidDataException($"unsupported H264 packet type: {NalUnit.Type(payload)}");
        }

        if (!marker || _units.Count == 0)
        {
            return null;
        }

        List<ReadOnlyMemory<byte>> picture = _units;
        _units = new List<ReadOnlyMemory<byte>>(4);
        return picture;
    }

    private void TakeAggregate(ReadOnlyMemory<byte> rest)
    {
        while (rest.Length > 2)
        {
            int size = BinaryPrimitives.ReadUInt16BigEndian(rest.Span);
            if (size == 0 || size > rest.Length - 2)
            {
                throw new InvalidDataException("invalid STAP-A packet");
            }

            _units.Add(rest.Slice(2, size));
            rest = rest[(2 + size)..];
        }
    }

    private void TakeFragment(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 3)
        {
            throw new InvalidDataException("invalid FU-A packet");
        }

        bool start = (payload[1] & 0x80) != 0;
        bool end = (payload[1] & 0x40) != 0;
        if (start)
        {
            Forget();
            Keep([(byte)((payload[0] & 0xE0) | (payload[1] & 0x1F)), .. payload[2..]]);
        }
        else if (_fragments.Count > 0)
        {
            Keep(payload[2..].ToArray());
        }

        if (end && _fragments.Count > 0)
        {
            byte[] unit = new byte[_fragmentBytes];
            int at = 0;
            foreach (byte[] fragment in _fragments)
            {
                fragment.CopyTo(unit, at);
                at += fragment.Length;
            }

            _units.Add(unit);
            Forget();
        }
    }

    private void Keep(byte[] fragment)
    {
        _fragments.Add(fragment);
        _fragmentBytes += fragment.Length;
        if (_fragmentBytes > MaxPicture)
        {
            Forget();
            throw new InvalidDataException("picture is too big");
        }
    }

    private void Forget()
    {
        _fragments.Clear();
        _fragmentBytes = 0;
    }
}
