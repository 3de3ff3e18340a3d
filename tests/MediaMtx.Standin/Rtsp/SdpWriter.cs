using System.Globalization;
using System.Text;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Rtsp;

/// <summary>Describes a stream (RFC 8866), as MediaMTX does it.</summary>
internal static class SdpWriter
{
    public static string Write(IReadOnlyList<Track> tracks)
    {
        StringBuilder sdp = new("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns= \r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n");
        foreach (Track track in tracks)
        {
            switch (track)
            {
                case H264Track video:
                    Append(sdp, "video", video, "H264/90000", $"packetization-mode=1{Parameters(video)}");
                    break;
                case AacTrack audio:
                    string channels = audio.Config.Channels.ToString(CultureInfo.InvariantCulture);
                    Append(sdp, "audio", audio, $"mpeg4-generic/{audio.ClockRate}/{channels}",
                        $"config={Convert.ToHexString(audio.Config.Bytes).ToLowerInvariant()}; indexdeltalength=3; indexlength=3; " +
                        "mode=AAC-hbr; profile-level-id=1; sizelength=13; streamtype=5");
                    break;
                case PacketTrack packets:
                    RtpMap map = packets.Map;
                    Append(sdp, packets.Kind, packets, map.Clock.Length > 0 ? $"{map.Encoding}/{map.Clock}" : map.Encoding, map.Parameters);
                    break;
            }
        }

        return sdp.ToString();
    }

    private static void Append(StringBuilder sdp, string kind, Track track, string map, string parameters)
    {
        int type = track.PayloadType;
        sdp.Append(CultureInfo.InvariantCulture, $"m={kind} 0 RTP/AVP {type}\r\na=control:trackID={track.Index}\r\n");
        if (map.Length > 0)
        {
            sdp.Append(CultureInfo.InvariantCulture, $"a=rtpmap:{type} {map}\r\n");
        }

        if (parameters.Length > 0)
        {
            sdp.Append(CultureInfo.InvariantCulture, $"a=fmtp:{type} {parameters}\r\n");
        }
    }

    private static string Parameters(H264Track video) => video is { Sps: { Length: >= 4 } sps, Pps: byte[] pps }
        ? $"; profile-level-id={Convert.ToHexString(sps, 1, 3)}; sprop-parameter-sets={Convert.ToBase64String(sps)},{Convert.ToBase64String(pps)}"
        : "";
}
