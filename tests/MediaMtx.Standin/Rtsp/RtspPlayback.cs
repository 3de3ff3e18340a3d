using System.Buffers;
using System.Buffers.Binary;
using MediaMtx.Standin.Faults;
using MediaMtx.Standin.Media;
using MediaMtx.Standin.Net;

namespace MediaMtx.Standin.Rtsp;

/// <summary>
/// Sends a stream's tracks to one player, from the moment of PLAY on: MediaMTX does not wait for a key frame. A sender report
/// follows the first packet of every track, and then every 10 s.
/// </summary>
internal sealed class RtspPlayback(
    MediaStream stream, FrameQueue reader, IReadOnlyDictionary<int, int> channels, Connection connection, RtspCounters counters)
{
    private const int FlushSize = 64 * 1024;
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(10);
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushSize);
    private readonly TrackState[] _tracks = [.. stream.Tracks.Select(_ => new TrackState())];

    public async Task Run(string path, FaultPlan faults, TimeProvider clock, CancellationToken stop)
    {
        while (await reader.Frames.WaitToReadAsync(stop))
        {
            await faults.WaitWhileReaderIsFrozen(path, stop);
            while (_buffer.WrittenCount < FlushSize && reader.Frames.TryRead(out Frame? frame))
            {
                if (channels.TryGetValue(frame.Track, out int channel))
                {
                    Write(frame, channel, clock);
                }
            }

            if (_buffer.WrittenCount > 0)
            {
                await connection.Send(_buffer.WrittenMemory);
                _buffer.ResetWrittenCount();
            }
        }
    }

    private void Write(Frame frame, int channel, TimeProvider clock)
    {
        RtpBatch batch = frame.Rtp;
        Span<byte> to = _buffer.GetSpan(batch.Bytes.Length);
        batch.Bytes.CopyTo(to);
        foreach (int start in batch.Starts)
        {
            to[start + 1] = (byte)channel;
        }

        _buffer.Advance(batch.Bytes.Length);
        counters.SentPackets(batch.Starts.Length, batch.PacketBytes);
        TrackState track = _tracks[frame.Track];
        track.Packets += (uint)batch.Starts.Length;
        track.Octets += (uint)batch.PacketBytes;
        if (track.Reported == 0 || clock.GetElapsedTime(track.Reported) >= ReportPeriod)
        {
            track.Reported = clock.GetTimestamp();
            WriteReport(frame, channel + 1, track);
        }
    }

    private void WriteReport(Frame frame, int channel, TrackState track)
    {
        Span<byte> to = _buffer.GetSpan(RtpBatch.PrefixSize + SenderReport.Size);
        to[0] = (byte)'$';
        to[1] = (byte)channel;
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], SenderReport.Size);
        ulong ntp = stream.Timeline.ToNtp(frame.Pts, stream.Tracks[frame.Track].ClockRate);
        SenderReport.Write(
            to[RtpBatch.PrefixSize..], stream.Rtp(frame.Track).Ssrc, ntp, frame.Rtp.Timestamp, track.Packets, track.Octets);
        _buffer.Advance(RtpBatch.PrefixSize + SenderReport.Size);
        counters.SentReport();
    }

    private sealed class TrackState
    {
        public long Reported { get; set; }

        public uint Packets { get; set; }

        public uint Octets { get; set; }
    }
}
