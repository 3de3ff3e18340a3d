namespace Streams.Testing;

/// <summary>Inputs of every kind that MediaMTX takes. The pictures are small: a machine of two cores carries several at once.</summary>
public static class TestInputs
{
    // Key frames each second. The heights fit whole blocks of 16, which M-JPEG over RTP needs.
    private static readonly string[] Picture = ["-re", "-f", "lavfi", "-i", "testsrc2=size=160x96:rate=15"];
    private static readonly string[] Sound = ["-re", "-f", "lavfi", "-i", "sine=sample_rate=48000"];

    private static readonly string[] RandomSound = ["-re", "-f", "lavfi", "-i", "anoisesrc=sample_rate=48000:amplitude=0.2"];

    /// <summary>Sound that is announced and sends nothing more; the muxer must not wait for it.</summary>
    private static readonly string[] SilentSound = ["-f", "lavfi", "-i", "sine=sample_rate=48000:duration=0.05"];
    private static readonly string[] Uninterleaved = ["-max_interleave_delta", "1"];
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "15"];
    private const string GStreamerPicture = "videotestsrc is-live=true ! video/x-raw,width=160,height=96,framerate=15/1";
    private const string GStreamerH264 = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 bitrate=300 ! h264parse";
    private const string GStreamerAac = "audiotestsrc is-live=true ! audioconvert ! audioresample ! avenc_aac ! aacparse";
    private static readonly string[] Aac = ["-c:a", "aac", "-b:a", "64k"];

    /// <summary>H.264 with AAC, as most encoders send it.</summary>
    public static TestInput Usual { get; } = new("H.264, AAC", [.. Picture, .. Sound, .. H264, .. Aac], "H264", "MPEG-4 Audio");

    /// <summary>Every kind of picture, with AAC.</summary>
    public static IReadOnlyList<TestInput> Pictures { get; } =
    [
        Usual,
        WithPicture("H.265", "H265", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=15:bframes=0:log-level=error", "-pix_fmt", "yuv420p"),
        WithPicture("VP8", "VP8", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "15"),
        WithPicture("VP9", "VP9", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "15", "-strict", "experimental"),
        WithPicture("AV1", "AV1", "-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8", "-g", "15", "-strict", "experimental") with
        {
            GStreamer = new Dictionary<InputTransport, string> { [InputTransport.Rtsp] = $"rtspclientsink name=out protocols=tcp location={{url}} {GStreamerPicture} ! av1enc usage-profile=realtime cpu-used=8 keyframe-max-dist=15 ! av1parse ! out. {GStreamerAac} ! out." },
        },
        WithPicture("MPEG-4", "MPEG-4 Video", "-c:v", "mpeg4", "-g", "15"),
        WithPicture("MPEG-2", "MPEG-1/2 Video", "-c:v", "mpeg2video", "-r", "25", "-g", "25", "-bf", "0"),
        WithPicture("M-JPEG", "M-JPEG", "-c:v", "mjpeg", "-huffman", "default", "-force_duplicated_matrix", "1", "-pix_fmt", "yuvj420p"),
        new("H.264, AAC of GStreamer", [], "H264", "MPEG-4 Audio")
        {
            GStreamer = new Dictionary<InputTransport, string>
            {
                [InputTransport.Rtmp] = $"flvmux name=mux streamable=true ! rtmp2sink location={{url}} {GStreamerPicture} ! {GStreamerH264} ! mux. {GStreamerAac} ! mux.",
                [InputTransport.Rtsp] = $"rtspclientsink name=out protocols=tcp location={{url}} {GStreamerPicture} ! {GStreamerH264} ! out. {GStreamerAac} ! out.",
            },
        },
        new("H.264 with B-frames, AAC", [.. Picture, .. Sound, "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "15", "-pix_fmt", "yuv420p", .. Aac], "H264", "MPEG-4 Audio"),
        new("H.264 with a key frame every 10 s, AAC", [.. Picture, .. Sound, .. H264[..^1], "150", .. Aac], "H264", "MPEG-4 Audio") { KeyFrameEvery = TimeSpan.FromSeconds(10) },
    ];

    /// <summary>Every kind of sound, with H.264.</summary>
    public static IReadOnlyList<TestInput> Sounds { get; } =
    [
        WithSound("Opus", "Opus", "-c:a", "libopus"),
        WithSound("G.711 A-law", "G711", "-c:a", "pcm_alaw", "-ar", "8000", "-ac", "1"),
        WithSound("G.711 mu-law", "G711", "-c:a", "pcm_mulaw", "-ar", "8000", "-ac", "1"),
        WithSound("LPCM", "LPCM", "-c:a", "pcm_s16be") with { RtmpArguments = [.. Picture, .. Sound, .. H264, "-c:a", "pcm_s16le", "-ar", "44100", "-ac", "2"] },
        WithSound("MP3", "MPEG-1/2 Audio", "-c:a", "libmp3lame"),
        WithSound("AAC of 44.1 kHz", "MPEG-4 Audio", [.. Aac, "-ar", "44100"]),
        new("H.264, no sound", [.. Picture, .. H264], "H264"),
        new("H.264, AAC that is announced and sends nothing", [.. Picture, .. SilentSound, .. H264, .. Aac, .. Uninterleaved], "H264", "MPEG-4 Audio") { SettlesAfter = TimeSpan.FromSeconds(8) },
        new("H.264, AAC that stops after 3 s", [.. Picture, "-re", "-f", "lavfi", "-i", "sine=sample_rate=48000:duration=3", .. H264, .. Aac, .. Uninterleaved], "H264", "MPEG-4 Audio") { SettlesAfter = TimeSpan.FromSeconds(8) },
        new("H.264, two tracks of AAC", [.. Picture, .. Sound, "-re", "-f", "lavfi", "-i", "sine=frequency=880:sample_rate=48000", "-map", "0", "-map", "1", "-map", "2", .. H264, .. Aac], "H264", "MPEG-4 Audio", "MPEG-4 Audio"),
        new("AAC alone", [.. Sound, .. Aac], "MPEG-4 Audio"),
        new("Opus alone", [.. Sound, "-c:a", "libopus"], "Opus"),
    ];

    /// <summary>Noise, of which no packet is like another.</summary>
    public static IReadOnlyList<TestInput> Noise { get; } =
    [
        new("H.264, AAC of noise", [.. Picture, .. RandomSound, .. H264, .. Aac], "H264", "MPEG-4 Audio"),
        new("H.264, G.711 of noise", [.. Picture, .. RandomSound, .. H264, "-c:a", "pcm_alaw", "-ar", "8000", "-ac", "1"], "H264", "G711"),
    ];

    /// <summary>Pictures that nobody can decode before a key frame, which comes every 5 s only: a reader learns their size from it.</summary>
    public static IReadOnlyList<TestInput> SeldomKeyFrames { get; } =
    [
        WithPicture("VP8 with a key frame every 5 s", "VP8", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "75"),
        WithPicture("VP9 with a key frame every 5 s", "VP9", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "75", "-strict", "experimental"),
        WithPicture("H.265 with a key frame every 5 s", "H265", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=75:bframes=0:log-level=error", "-pix_fmt", "yuv420p"),
        WithPicture("MPEG-4 with a key frame every 5 s", "MPEG-4 Video", "-c:v", "mpeg4", "-g", "75"),
    ];

    /// <summary>Pictures that stop after 4 s while the sound goes on.</summary>
    public static TestInput PictureThatStops { get; } = new("H.264 that stops after 4 s, AAC",
        ["-re", "-f", "lavfi", "-i", "testsrc2=size=160x96:rate=15:duration=4", .. Sound, .. H264, .. Aac, .. Uninterleaved], "H264", "MPEG-4 Audio");

    /// <summary>
    /// Sound that is announced at once and begins after 5 s, from a file: ffmpeg announces no sound that it encodes before the first of it. It lasts for 20 s.
    /// </summary>
    /// <param name="file">Where the file is made.</param>
    public static async Task<TestInput> MakeSoundThatBeginsLate(string file)
    {
        string[] make = [.. Picture[1..], "-itsoffset", "5", .. Sound[1..], "-t", "20", .. H264, .. Aac, "-loglevel", "error", "-y", file];
        (int code, string output) = await ChildProgram.Run("ffmpeg", make);
        return code == 0
            ? new TestInput("H.264, AAC that begins after 5 s", ["-re", "-i", file, "-c", "copy", .. Uninterleaved], "H264", "MPEG-4 Audio")
            : throw new InvalidOperationException($"ffmpeg failed with {code}: {output}");
    }

    /// <summary>The input with a name.</summary>
    public static TestInput Of(string name) => Pictures.Concat(Sounds).Concat(SeldomKeyFrames).Single(input => input.Name == name);

    private static TestInput WithPicture(string name, string codec, params string[] encoder) => new($"{name}, AAC", [.. Picture, .. Sound, .. encoder, .. Aac], codec, "MPEG-4 Audio");

    private static TestInput WithSound(string name, string codec, params string[] encoder) => new($"H.264, {name}", [.. Picture, .. Sound, .. H264, .. encoder], "H264", codec);
}
