using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Rtsp;

/// <summary>RTP formats: which codec a payload type and a <c>rtpmap</c> mean to MediaMTX, and the formats with a type of their own (RFC 3551, 6).</summary>
internal static class RtpFormats
{
    private const string VideoClock = "90000";

    /// <summary>What a static payload type means; null for one that needs a <c>rtpmap</c>.</summary>
    public static RtpMap? Static(int payloadType) => payloadType switch
    {
        0 => new RtpMap("PCMU", "8000", ""),
        8 => new RtpMap("PCMA", "8000", ""),
        9 => new RtpMap("G722", "8000", ""),
        10 => new RtpMap("L16", "44100/2", ""),
        11 => new RtpMap("L16", "44100/1", ""),
        14 => new RtpMap("MPA", VideoClock, ""),
        26 => new RtpMap("JPEG", VideoClock, ""),
        32 => new RtpMap("MPV", VideoClock, ""),
        33 => new RtpMap("MP2T", VideoClock, ""),
        _ => null,
    };

    /// <summary>The codec's name in MediaMTX's log and API.</summary>
    public static string Name(int payloadType, RtpMap map)
    {
        bool isDynamic = payloadType is >= Track.DynamicPayloadType and <= 127;
        return Dynamic(map.Encoding.ToLowerInvariant(), map.Clock, isDynamic, payloadType) ?? payloadType switch
        {
            0 or 8 => "G711",
            9 => "G722",
            10 or 11 => "LPCM",
            14 => "MPEG-1/2 Audio",
            26 => "M-JPEG",
            32 => "MPEG-1/2 Video",
            33 => "MPEG-TS",
            _ => "Generic",
        };
    }

    private static string? Dynamic(string encoding, string clock, bool isDynamic, int payloadType) => encoding switch
    {
        "h264" when clock == VideoClock && (isDynamic || payloadType == 35) => "H264",
        "opus" or "pcma" or "l8" or "l16" or "flac" => Audio(encoding),
        _ when !isDynamic => null,
        "av1" or "vp8" or "vp9" or "h265" when clock == VideoClock => encoding.ToUpperInvariant(),
        "mp4v-es" when clock == VideoClock => "MPEG-4 Video",
        "smpte336m" => "KLV",
        "g726-16" or "g726-24" or "g726-32" or "g726-40" or "aal2-g726-16" or "aal2-g726-24" or "aal2-g726-32" or "aal2-g726-40"
            when clock == "8000" => "G726",
        _ => Audio(encoding),
    };

    private static string? Audio(string encoding) => encoding switch
    {
        "opus" or "multiopus" => "Opus",
        "flac" => "FLAC",
        "vorbis" => "Vorbis",
        "mpeg4-generic" => "MPEG-4 Audio",
        "mp4a-latm" => "MPEG-4 Audio LATM",
        "ac3" => "AC3",
        "speex" => "Speex",
        "pcma" or "pcmu" => "G711",
        "l8" or "l16" or "l24" => "LPCM",
        _ => null,
    };
}
