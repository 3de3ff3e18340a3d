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
            if (track is VideoTrack video)
            {
                Append(sdp, "video", video.Index, "H264/90000", $"packetization-mode=1{Parameters(video)}");
            }
            else if (track is AudioTrack audio)
            {
                string channels = audio.Config.Channels.ToString(CultureInfo.InvariantCulture);
                Append(sdp, "audio", audio.Index, $"mpeg4-generic/{audio.ClockRate}/{channels}",
                    $"config={Convert.ToHexString(audio.Config.Bytes).ToLowerInvariant()}; indexdeltalength=3; indexlength=3; " +
                    "mode=AAC-hbr; profile-level-id=1; sizelength=13; streamtype=5");
            }
        }

        return sdp.ToString();
    }

    private static void Append(StringBuilder sdp, string kind, int index, string map, string parameters) => sdp.Append(
        CultureInfo.InvariantCulture,
        $"m={kind} 0 RTP/AVP 96\r\na=control:trackID={index}\r\na=rtpmap:96 {map}\r\na=fmtp:96 {parameters}\r\n");

    private static string Parameters(VideoTrack video) => video is { Sps: { Length: >= 4 } sps, Pps: byte[] pps }
        ? $"; profile-level-id={Convert.ToHexString(sps, 1, 3)}; sprop-parameter-sets={Convert.ToBase64String(sps)},{Convert.ToBase64String(pps)}"
        : "";
}
