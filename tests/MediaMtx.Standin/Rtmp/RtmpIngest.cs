using MediaMtx.Standin.Codecs;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Rtmp;

/// <summary>Turns a publisher's messages into frames of its stream.</summary>
internal sealed class RtmpIngest(MediaInput stream)
{
    private const int MaxSamples = 1440;
    private readonly H264Track? _video = stream.Tracks.OfType<H264Track>().FirstOrDefault();
    private readonly Track? _audio = stream.Tracks.FirstOrDefault(track => track is not H264Track);

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
        H264Track track = _video ?? throw new InvalidDataException("received a packet for video track 0, but track is not set up");
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
        Track track = _audio ?? throw new InvalidDataException("received a packet for audio track 0, but track is not set up");
        if (FlvMessage.Audio(message.Body) != FlvKind.Data)
        {
            return;
        }

        long pts = message.Timestamp * track.ClockRate / 1_000;
        if (track is PacketTrack sound)
        {
            TakeSound(sound, pts, message.Body.AsMemory(FlvMessage.PlainAudioHeader));
        }
        else
        {
            stream.WriteAudio(track.Index, pts, message.Body.AsMemory(FlvMessage.AudioHeader));
        }
    }

    private void TakeSound(PacketTrack track, long pts, ReadOnlyMemory<byte> frame)
    {
        if (track.Name != "G711")
        {
            foreach (byte[] payload in MpegAudioPayloads.Split(frame))
            {
                stream.WritePayload(track.Index, pts, payload, marker: true);
            }

            return;
        }

        int channels = track.Map.Channels ?? 1;
        for (int at = 0; at < frame.Length; at += MaxSamples)
        {
            ReadOnlyMemory<byte> samples = frame[at..Math.Min(frame.Length, at + MaxSamples)];
            stream.WritePayload(track.Index, pts + (at / channels), samples, marker: false);
        }
    }
}
