using MediaMtx.Standin.Codecs;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Rtmp;

/// <summary>
/// Finds a publisher's tracks as MediaMTX does: it looks at 2 s of the stream's own time, counted from the first audio or video
/// message, decoder configurations included. A publisher whose first frame is stamped 2 s or more after its configuration
/// (ffmpeg's <c>-output_ts_offset 2.5</c>) is therefore through with it at once.
/// </summary>
internal sealed class TrackAnalysis
{
    private const long PeriodMilliseconds = 2_000;
    private List<RtmpMessage> _seen = [];
    private (byte[] Sps, byte[] Pps)? _video;
    private AacConfig? _audio;
    private PacketTrack? _sound;
    private long _start = long.MinValue;

    /// <summary>Hands out the messages looked at, which the stream begins with, and keeps them no longer.</summary>
    public IReadOnlyList<RtmpMessage> TakeSeen()
    {
        List<RtmpMessage> seen = _seen;
        _seen = [];
        return seen;
    }

    /// <summary>Looks at a message.</summary>
    /// <returns>Whether the analysis is complete.</returns>
    public bool Look(RtmpMessage message)
    {
        _seen.Add(message);
        if (message.Type == MessageType.Video)
        {
            if (FlvMessage.Video(message.Body) == FlvKind.Config)
            {
                _video ??= FlvMessage.VideoConfig(message);
            }
        }
        else if (message.Type == MessageType.Audio)
        {
            if (FlvMessage.Audio(message.Body) == FlvKind.Data)
            {
                _sound ??= FlvMessage.SoundTrack(message.Body, 0);
            }
            else if (message.Body.Length > FlvMessage.AudioHeader)
            {
                _audio ??= FlvMessage.AudioConfig(message);
            }
        }
        else
        {
            return false;
        }

        _start = _start == long.MinValue ? message.Timestamp : _start;
        return message.Timestamp - _start >= PeriodMilliseconds;
    }

    /// <summary>The tracks found, video first.</summary>
    /// <exception cref="InvalidDataException">There are none.</exception>
    public List<Track> Tracks()
    {
        List<Track> tracks = [];
        if (_video is not null)
        {
            tracks.Add(new H264Track(tracks.Count, _video.Value.Sps, _video.Value.Pps));
        }

        if (_audio is not null)
        {
            tracks.Add(new AacTrack(tracks.Count, _audio));
        }
        else if (_sound is not null)
        {
            tracks.Add(_sound with { Index = tracks.Count });
        }

        return tracks.Count > 0 ? tracks : throw new InvalidDataException("no tracks found");
    }
}
