using System.Globalization;

namespace Streams.Verify.Audience;

/// <summary>What is published while the audience is watched.</summary>
/// <param name="KeyFrameEvery">Time from one key frame to the next, in seconds.</param>
/// <param name="HasBFrames">Whether pictures are sent in another order than they are shown in.</param>
internal sealed record AudienceInput(int KeyFrameEvery, bool HasBFrames)
{
    private const int Rate = 30;

    /// <summary>All that are measured: key frames every 1 and 2 s, without and with B-frames.</summary>
    public static IReadOnlyList<AudienceInput> All { get; } = [new(1, false), new(1, true), new(2, false), new(2, true)];

    /// <summary><see cref="KeyFrameEvery"/>.</summary>
    public TimeSpan KeyFrames => TimeSpan.FromSeconds(KeyFrameEvery);

    /// <summary>
    /// The publisher's arguments, its target last. The picture is of profile High, and the sound stereo of 48 kHz, as the profile <c>transcode</c> writes
    /// them: a stream may change to it and keep its audience. 2.5 s on the first frame, so that MediaMTX offers the input at once.
    /// </summary>
    /// <param name="url">Where to publish.</param>
    public IReadOnlyList<string> Publish(string url) =>
    [
        "-hide_banner", "-nostdin", "-loglevel", "warning",
        "-re", "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"testsrc2=size=320x180:rate={Rate}"),
        "-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
        "-c:v", "libx264", "-preset", "veryfast", .. HasBFrames ? (string[])["-bf", "2"] : ["-tune", "zerolatency", "-bf", "0"],
        "-pix_fmt", "yuv420p", "-profile:v", "high", "-b:v", "300k",
        "-g", Frames, "-keyint_min", Frames, "-sc_threshold", "0",
        "-c:a", "aac", "-b:a", "64k", "-ac", "2", "-output_ts_offset", "2.5", "-f", "flv", url,
    ];

    public override string ToString() => $"key frames every {KeyFrameEvery.ToString(CultureInfo.InvariantCulture)} s{(HasBFrames ? ", B-frames" : "")}";

    private string Frames => (KeyFrameEvery * Rate).ToString(CultureInfo.InvariantCulture);
}
