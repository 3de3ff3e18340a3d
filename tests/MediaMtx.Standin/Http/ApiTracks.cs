using MediaMtx.Standin.Codecs;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Http;

/// <summary>Tracks with the properties that the Control API has for their codecs; most have none.</summary>
internal static class ApiTracks
{
    private const int AllAc3Channels = 6;

    public static ApiTrack Of(Track track) => new(track.Codec, Properties(track));

    private static object? Properties(Track track) => track switch
    {
        H264Track { Sps: byte[] bytes } when H264Sps.Parse(bytes) is H264Sps sps => new ApiSizedVideo(sps.Width, sps.Height, sps.Profile, sps.Level),
        H264Track => ApiSizedVideo.Unknown,
        AacTrack audio => new ApiSound(audio.Config.SampleRate, audio.Config.Channels),
        PacketTrack packets => Properties(packets.Name, packets.Map),
        _ => null,
    };

    private static object? Properties(string codec, RtpMap map) => codec switch
    {
        "H265" => H265Sps.Parse(map.Parameter("sprop-sps")) is H265Sps sps ? new ApiSizedVideo(sps.Width, sps.Height, sps.Profile, sps.Level) : ApiSizedVideo.Unknown,
        "AV1" => new ApiAv1(0, 0, map.Number("profile", 0), map.Number("level-idx", 0), map.Number("tier", 0)),
        "VP9" => new ApiVp9(map.Number("profile-id", 0)),
        "Opus" => new ApiOpus(OpusChannels(map)),
        "AC3" => new ApiSound(map.ClockRate, map.Channels ?? AllAc3Channels),
        "G711" => new ApiG711(map.Encoding.Equals("PCMU", StringComparison.OrdinalIgnoreCase), map.ClockRate, map.Channels ?? 1),
        "LPCM" => new ApiLpcm(map.BitDepth, map.ClockRate, map.Channels ?? 1),
        _ => null,
    };

    // RFC 7587, 7: an rtpmap always says two channels.
    private static int OpusChannels(RtpMap map) => map.Encoding.Equals("opus", StringComparison.OrdinalIgnoreCase)
        ? map.Parameter("sprop-stereo") == "1" ? 2 : 1
        : map.Channels ?? 1;
}
