using System.Buffers.Binary;
using MediaMtx.Standin.Faults;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Rtmp;

/// <summary>Sends to one player what RTMP carries of a stream. Video begins with the next key frame, as FLV needs it.</summary>
internal sealed class RtmpPlayback(MediaStream stream, FrameQueue reader, ChunkWriter writer, string path, FaultPlan faults)
{
    /// <summary>Why a stream of which RTMP carries nothing cannot be read.</summary>
    public const string NothingToRead = "the stream doesn't contain any supported codec, which are currently " +
        "AV1, VP9, H265, H264, Opus, FLAC, MPEG-4 Audio (AAC), MPEG-1/2 Audio (MP3), AC-3, G711, LPCM";

    private const int VideoChunkStream = 6;
    private const int AudioChunkStream = 4;
    private const int FlushSize = 64 * 1024;
    private readonly int[] _tracks = [.. Select(stream.Tracks).Select(track => track.Index)];
    private bool _videoStarted;

    /// <summary>The tracks that a player gets: the first video and the first audio that RTMP carries.</summary>
    public static IReadOnlyList<Track> Select(IReadOnlyList<Track> tracks)
    {
        Track? video = tracks.FirstOrDefault(track => track is H264Track);
        Track? audio = tracks.FirstOrDefault(track => track is not H264Track && FlvBodies.CodecOf(track) is not null);
        return [.. tracks.Where(track => track == video || track == audio)];
    }

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
        Track[] tracks = [.. _tracks.Select(track => stream.Tracks[track])];
        H264Track? video = tracks.OfType<H264Track>().FirstOrDefault(track => track is { Sps: not null, Pps: not null });
        Track? audio = tracks.FirstOrDefault(track => track is not H264Track);
        (string, object?)[] metadata =
        [
            ("videocodecid", video is null ? 0.0 : 7.0),
            ("videodatarate", 0.0),
            ("audiocodecid", audio is null ? 0.0 : (double)(FlvBodies.CodecOf(audio) ?? 0)),
            ("audiodatarate", 0.0),
        ];
        writer.Write(AudioChunkStream, MessageType.DataAmf0, RtmpCommands.MediaStream, 0, Amf0.Write("onMetaData", metadata));
        if (video is not null)
        {
            writer.Write(VideoChunkStream, MessageType.Video, RtmpCommands.MediaStream, 0, FlvBodies.VideoConfig(video));
        }

        if (audio is AacTrack aac)
        {
            writer.Write(AudioChunkStream, MessageType.Audio, RtmpCommands.MediaStream, 0, FlvBodies.AudioConfig(aac));
        }
    }

    /// <summary>Whether a body has a slice of a picture. A slate's filler is not sent: players would take it for a damaged picture.</summary>
    private static bool HasPicture(byte[] body)
    {
        const int Head = 5; // Frame type and codec, packet type, composition time.
        const int Length = 4;
        const int Slice = 1;
        const int KeySlice = 5;
        for (int at = Head; at + Length < body.Length; at += Length + BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at)))
        {
            if ((body[at + Length] & 0x1F) is >= Slice and <= KeySlice)
            {
                return true;
            }
        }

        return false;
    }

    private void Write(Frame frame)
    {
        Track track = stream.Tracks[frame.Track];
        if (frame.FlvBody is null || !_tracks.Contains(frame.Track))
        {
            // Made before this reader was there, or of a track that RTMP does not carry.
            return;
        }

        if (track is H264Track)
        {
            _videoStarted |= frame.IsKey;
            if (_videoStarted && HasPicture(frame.FlvBody))
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
