using MediaMtx.Standin.Faults;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Rtmp;

/// <summary>Sends a stream to one player. Video begins with the next key frame, as FLV needs it.</summary>
internal sealed class RtmpPlayback(MediaStream stream, FrameQueue reader, ChunkWriter writer, string path, FaultPlan faults)
{
    private const int VideoChunkStream = 6;
    private const int AudioChunkStream = 4;
    private const int FlushSize = 64 * 1024;
    private bool _videoStarted;

    public async Task Run(CancellationToken closing)
    {
        WriteStart();
        await writer.Flush();
        while (await reader.Frames.WaitToReadAsync(closing))
        {
            await faults.WaitWhileReaderIsFrozen(path, closing);
            while (writer.Pending < FlushSize && reader.Frames.TryRead(out Frame? frame))
            {
                Write(frame);
            }

            if (writer.Pending > 0)
            {
                await writer.Flush();
            }
        }
    }

    private void WriteStart()
    {
        VideoTrack? video = stream.Tracks.OfType<VideoTrack>().FirstOrDefault(track => track is { Sps: not null, Pps: not null });
        AudioTrack? audio = stream.Tracks.OfType<AudioTrack>().FirstOrDefault();
        (string, object?)[] metadata =
        [
            ("videocodecid", video is null ? 0.0 : 7.0),
            ("videodatarate", 0.0),
            ("audiocodecid", audio is null ? 0.0 : 10.0),
            ("audiodatarate", 0.0),
        ];
        writer.Write(AudioChunkStream, MessageType.DataAmf0, RtmpCommands.MediaStream, 0, Amf0.Write("onMetaData", metadata));
        if (video is not null)
        {
            writer.Write(VideoChunkStream, MessageType.Video, RtmpCommands.MediaStream, 0, FlvBodies.VideoConfig(video));
        }

        if (audio is not null)
        {
            writer.Write(AudioChunkStream, MessageType.Audio, RtmpCommands.MediaStream, 0, FlvBodies.AudioConfig(audio));
        }
    }

    private void Write(Frame frame)
    {
        Track track = stream.Tracks[frame.Track];
        if (frame.FlvBody is null)
        {
            // Made before this reader was there.
            return;
        }

        if (track is VideoTrack)
        {
            _videoStarted |= frame.IsKey;
            if (_videoStarted)
            {
                writer.Write(VideoChunkStream, MessageType.Video, RtmpCommands.MediaStream, frame.Dts / 90, frame.FlvBody);
            }
        }
        else
        {
            long milliseconds = frame.Pts * 1_000 / track.ClockRate;
            writer.Write(AudioChunkStream, MessageType.Audio, RtmpCommands.MediaStream, milliseconds, frame.FlvBody);
        }
    }
}
