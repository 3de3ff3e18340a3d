using System.Buffers;
using System.Buffers.Binary;
using MediaMtx.Standin.Net;

namespace MediaMtx.Standin.Rtmp;

/// <summary>Writes messages as chunks. Messages gather in a buffer until it is flushed.</summary>
internal sealed class ChunkWriter(Connection connection)
{
    private const int ChunkSize = 65_536;
    private const uint ExtendedMark = 0xFFFFFF;
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private int _chunkSize = 128;

    /// <summary>Bytes that wait for a flush.</summary>
    public int Pending => _buffer.WrittenCount;

    /// <summary>Adds a message.</summary>
    public void Write(int chunkStream, MessageType type, uint streamId, long timestamp, ReadOnlySpan<byte> body)
    {
        uint time = unchecked((uint)timestamp);
        bool extended = time >= ExtendedMark;
        Span<byte> header = _buffer.GetSpan(16);
        header[0] = (byte)chunkStream;
        WriteUInt24(header[1..], extended ? ExtendedMark : time);
        WriteUInt24(header[4..], (uint)body.Length);
        header[7] = (byte)type;
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], streamId);
        BinaryPrimitives.WriteUInt32BigEndian(header[12..], time);
        _buffer.Advance(extended ? 16 : 12);
        for (bool first = true; first || !body.IsEmpty; first = false)
        {
            if (!first)
            {
                Span<byte> next = _buffer.GetSpan(5);
                next[0] = (byte)(0xC0 | chunkStream);
                BinaryPrimitives.WriteUInt32BigEndian(next[1..], time);
                _buffer.Advance(extended ? 5 : 1);
            }

            int take = Math.Min(_chunkSize, body.Length);
            _buffer.Write(body[..take]);
            body = body[take..];
        }
    }

    /// <summary>Adds a control message of one number.</summary>
    public void WriteControl(MessageType type, uint value, ReadOnlySpan<byte> rest = default)
    {
        Span<byte> body = stackalloc byte[4 + rest.Length];
        BinaryPrimitives.WriteUInt32BigEndian(body, value);
        rest.CopyTo(body[4..]);
        Write(2, type, 0, 0, body);
    }

    /// <summary>Tells the peer to expect large chunks, and uses them.</summary>
    public void UseLargeChunks()
    {
        WriteControl(MessageType.SetChunkSize, ChunkSize);
        _chunkSize = ChunkSize;
    }

    /// <summary>Sends what was added.</summary>
    public async ValueTask Flush()
    {
        await connection.Send(_buffer.WrittenMemory);
        _buffer.ResetWrittenCount();
    }

    private static void WriteUInt24(Span<byte> to, uint value)
    {
        to[0] = (byte)(value >> 16);
        to[1] = (byte)(value >> 8);
        to[2] = (byte)value;
    }
}
