using System.Buffers.Binary;
using MediaMtx.Standin.Net;

namespace MediaMtx.Standin.Rtmp;

/// <summary>Puts messages together from chunks (RTMP specification, 5.3).</summary>
internal sealed class ChunkReader(Connection connection)
{
    private const int MaxMessage = 16 * 1024 * 1024;
    private const uint ExtendedMark = 0xFFFFFF;
    private readonly Dictionary<int, ChunkStream> _streams = [];
    private int _chunkSize = 128;

    /// <summary>Reads the next message that is no concern of the chunk layer.</summary>
    public async ValueTask<RtmpMessage> Read()
    {
        while (true)
        {
            ChunkStream stream = await ReadHeader();
            byte[] body = stream.Body ??= new byte[stream.Length];
            int take = Math.Min(_chunkSize, body.Length - stream.Filled);
            await connection.ReadExactly(body.AsMemory(stream.Filled, take));
            stream.Filled += take;
            if (stream.Filled < body.Length)
            {
                continue;
            }

            stream.Body = null;
            stream.Filled = 0;
            RtmpMessage message = new(stream.Type, stream.Timestamp, stream.StreamId, body);
            if (!Consume(message))
            {
                return message;
            }
        }
    }

    private bool Consume(RtmpMessage message)
    {
        switch (message.Type)
        {
            case MessageType.SetChunkSize when message.Body.Length >= 4:
                int size = (int)(BinaryPrimitives.ReadUInt32BigEndian(message.Body) & 0x7FFFFFFF);
                _chunkSize = size > 0 ? Math.Min(size, MaxMessage) : throw new InvalidDataException("invalid chunk size");
                return true;
            case MessageType.Abort when message.Body.Length >= 4:
                if (_streams.TryGetValue((int)BinaryPrimitives.ReadUInt32BigEndian(message.Body), out ChunkStream? aborted))
                {
                    aborted.Body = null;
                    aborted.Filled = 0;
                }

                return true;
            default:
                return false;
        }
    }

    private async ValueTask<ChunkStream> ReadHeader()
    {
        await connection.Require(1);
        byte first = connection.Available[0];
        int format = first >> 6;
        int id = first & 0x3F;
        int basic = id switch { 0 => 2, 1 => 3, _ => 1 };
        int size = basic + format switch { 0 => 11, 1 => 7, 2 => 3, _ => 0 };
        await connection.Require(size);
        if (basic > 1)
        {
            ReadOnlySpan<byte> bytes = connection.Available;
            id = 64 + bytes[1] + (basic == 3 ? bytes[2] << 8 : 0);
        }

        if (!_streams.TryGetValue(id, out ChunkStream? stream))
        {
            if (format != 0)
            {
                throw new InvalidDataException("received a chunk without a previous message header");
            }

            _streams[id] = stream = new ChunkStream();
        }

        uint time = Parse(stream, format, connection.Available[basic..size]);
        connection.Skip(size);
        if (format == 3 ? stream.IsExtended : time == ExtendedMark)
        {
            await connection.Require(4);
            time = BinaryPrimitives.ReadUInt32BigEndian(connection.Available);
            connection.Skip(4);
        }

        Advance(stream, format, time);
        return stream;
    }

    private static uint Parse(ChunkStream stream, int format, ReadOnlySpan<byte> header)
    {
        if (format == 3)
        {
            return 0;
        }

        uint time = ReadUInt24(header);
        stream.IsExtended = time == ExtendedMark;
        if (format <= 1)
        {
            stream.Length = (int)ReadUInt24(header[3..]);
            stream.Type = (MessageType)header[6];
            stream.Body = null;
            stream.Filled = 0;
            if (stream.Length > MaxMessage)
            {
                throw new InvalidDataException($"message of {stream.Length} bytes is too big");
            }
        }

        if (format == 0)
        {
            stream.StreamId = BinaryPrimitives.ReadUInt32LittleEndian(header[7..]);
        }

        return time;
    }

    // A type-3 chunk begins a message of its own where the last one is complete; it then repeats the last delta.
    private static void Advance(ChunkStream stream, int format, uint time)
    {
        switch (format)
        {
            case 0:
                stream.Timestamp = Unwrap(stream.Timestamp, time);
                stream.Delta = 0;
                break;
            case 1 or 2:
                stream.Delta = time;
                stream.Timestamp += time;
                break;
            default:
                if (stream.Filled == 0)
                {
                    stream.Timestamp += stream.Delta;
                }

                break;
        }
    }

    private static long Unwrap(long last, uint time)
    {
        long unwrapped = (last & ~0xFFFFFFFFL) | time;
        return unwrapped < last - int.MaxValue ? unwrapped + 0x1_0000_0000L : unwrapped;
    }

    private static uint ReadUInt24(ReadOnlySpan<byte> bytes) => (uint)((bytes[0] << 16) | (bytes[1] << 8) | bytes[2]);

    private sealed class ChunkStream
    {
        public long Timestamp { get; set; }

        public uint Delta { get; set; }

        public bool IsExtended { get; set; }

        public int Length { get; set; }

        public MessageType Type { get; set; }

        public uint StreamId { get; set; }

        public byte[]? Body { get; set; }

        public int Filled { get; set; }
    }
}
