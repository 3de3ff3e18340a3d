using MediaMtx.Standin.Codecs;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Rtmp;

/// <summary>Turns a publisher's messages into frames of its stream.</summary>
internal sealed class RtmpIngest(MediaStream stream)
{
    private readonly VideoTrack? _video = stream.Tracks.OfType<VideoTrack>().FirstOrDefault();
    private readonly AudioTrack? _audio = stream.Tracks.OfType<AudioTrack>().FirstOrDefault();

    /// <exception cref="InvalidDataException">It belongs to no track, or cannot be read.</exception>
    public void Take(RtmpMessage message)
    {
        if (message.Type == MessageType.Video)
        {
            TakeVideo(message);
        }
        else if (message.Type == MessageType.Audio)
        {
            TakeAudio(message);
        }
    }

    private void TakeVideo(RtmpMessage message)
    {
        VideoTrack track = _video ?? throw new InvalidDataException("received a packet for video track 0, but track is not set up");
        FlvKind kind = FlvMessage.Video(message.Body);
        if (kind == FlvKind.Other)
        {
            return;
        }

        long dts = message.Timestamp * 90;
        long pts = dts + (FlvMessage.CompositionOffset(message.Body) * 90L);
        if (kind == FlvKind.Config)
        {
            (byte[] sps, byte[] pps) = FlvMessage.VideoConfig(message);
            stream.WriteVideo(track.Index, pts, dts, [sps, pps]);
            return;
        }

        List<ReadOnlyMemory<byte>> units = NalUnit.SplitByLength(message.Body.AsMemory(FlvMessage.VideoHeader));
        stream.WriteVideo(track.Index, pts, dts, units);
    }

    private void TakeAudio(RtmpMessage message)
    {
        AudioTrack track = _audio ?? throw new InvalidDataException("received a packet for audio track 0, but track is not set up");
        if (FlvMessage.Audio(message.Body) == FlvKind.Data)
        {
            long pts = message.Timestamp * track.ClockRate / 1_000;
            stream.WriteAudio(track.Index, pts, message.Body.AsMemory(FlvMessage.AudioHeader));
        }
    }
}
