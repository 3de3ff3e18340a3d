using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Streams.Testing;

/// <summary>Publishers and players made of ffmpeg. The picture is small: two cores carry many.</summary>
public static partial class TestStream
{
    private static readonly string[] Quiet = ["-hide_banner", "-nostdin", "-loglevel", "warning"];
    private static readonly string[] VideoInput = ["-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30"];
    private static readonly string[] AudioInput = ["-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"];
    private static readonly string[] Aac = ["-c:a", "aac", "-b:a", "64k"];
    private static readonly string[] H264 =
        ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "30", "-b:v", "300k", "-pix_fmt", "yuv420p"];

    private static readonly string[] H264WithBFrames =
        ["-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "30", "-b:v", "300k", "-pix_fmt", "yuv420p"];

    /// <summary>A new stream id: no two tests share one.</summary>
    public static string NewId(string name = "s") => $"{name}-{Guid.NewGuid():N}"[..24];

    /// <summary>Publishes over RTMP, ready at once: its first frame is stamped 2.5 s.</summary>
    public static ChildProgram PublishRtmp(string url) => Ffmpeg([.. VideoInput, .. AudioInput, .. H264, .. Aac, "-output_ts_offset", "2.5", "-f", "flv", url]);

    /// <summary>Publishes over RTMP as anybody would.</summary>
    public static ChildProgram PublishRtmpPlainly(string url) => Ffmpeg([.. VideoInput, .. AudioInput, .. H264, .. Aac, "-f", "flv", url]);

    /// <summary>Publishes H.264 with B-frames and AAC over RTMP.</summary>
    public static ChildProgram PublishRtmpWithBFrames(string url) =>
        Ffmpeg([.. VideoInput, .. AudioInput, .. H264WithBFrames, .. Aac, "-output_ts_offset", "2.5", "-f", "flv", url]);

    /// <summary>Publishes again and again, as an encoder does that reconnects when its connection breaks.</summary>
    /// <param name="pause">The pause before it reconnects.</param>
    /// <param name="arguments">What ffmpeg is told, the target last.</param>
    public static ChildProgram PublishForever(TimeSpan pause, IEnumerable<string> arguments)
    {
        const string Loop = """
            trap 'kill $pid 2>/dev/null; exit 0' INT TERM
            while :; do
              ffmpeg -hide_banner -nostdin -loglevel error "$@" & pid=$!
              wait $pid
              sleep "$0"
            done
            """;
        return ChildProgram.Start("sh", ["-c", Loop, pause.TotalSeconds.ToString(CultureInfo.InvariantCulture), .. arguments]);
    }

    public static ChildProgram PublishRtmpVideo(string url) => Ffmpeg([.. VideoInput, .. H264, "-output_ts_offset", "2.5", "-f", "flv", url]);

    public static ChildProgram PublishRtmpAudio(string url) => Ffmpeg([.. AudioInput, .. Aac, "-output_ts_offset", "2.5", "-f", "flv", url]);

    /// <summary>Publishes H.264 with B-frames and AAC over RTSP.</summary>
    public static ChildProgram PublishRtsp(string url) =>
        Ffmpeg([.. VideoInput, .. AudioInput, .. H264WithBFrames, .. Aac, "-rtsp_transport", "tcp", "-f", "rtsp", url]);

    /// <summary>Reads over RTSP until the stream ends.</summary>
    public static ChildProgram ReadRtsp(string url) => Ffmpeg(["-rtsp_transport", "tcp", "-i", url, "-c", "copy", "-f", "null", "-"]);

    /// <summary>Reads over RTMP until the stream ends.</summary>
    public static ChildProgram ReadRtmp(string url) => Ffmpeg(["-i", url, "-c", "copy", "-f", "null", "-"]);

    /// <summary>Reads over RTMP until the stream ends, and writes a line about each picture in the order in which it is shown: <see cref="TimesOf"/>.</summary>
    public static ChildProgram ReadPictures(string url) =>
        ChildProgram.Start("ffmpeg", ["-hide_banner", "-nostdin", "-nostats", "-i", url, "-an", "-vf", "showinfo", "-f", "null", "-"]);

    /// <summary>The times of the pictures that <see cref="ReadPictures"/> has shown, in seconds.</summary>
    public static IReadOnlyList<double> TimesOf(ChildProgram pictures) =>
        [.. pictures.Lines.SelectMany(static line => PictureTime().Matches(line)).Select(static time => double.Parse(time.Groups[1].Value, CultureInfo.InvariantCulture))];

    /// <summary>The codecs that ffprobe finds.</summary>
    public static async Task<IReadOnlyList<string>> Probe(string url)
    {
        (int code, string output) = await ChildProgram.Run("ffprobe",
            ["-v", "error", .. Transport(url), "-show_entries", "stream=codec_name", "-of", "default=nokey=1:noprint_wrappers=1", url]);
        return code == 0
            ? [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line is "h264" or "aac").Distinct().Order(StringComparer.Ordinal)]
            : throw new InvalidOperationException($"ffprobe failed with {code}: {output}");
    }

    /// <summary>The kinds of tracks of which packets come within 3 s: <c>video</c> before <c>audio</c>.</summary>
    public static async Task<IReadOnlyList<string>> FlowingTracks(string url)
    {
        (int _, string output) = await ChildProgram.Run("ffprobe",
            ["-v", "error", .. Transport(url), "-fflags", "nobuffer", "-analyzeduration", "1000000", "-read_intervals", "%+3", "-show_entries", "packet=codec_type", "-of", "csv=p=0", url]);
        return [.. output.Split('\n').Select(static line => line.Trim().TrimEnd(',')).Where(static line => line is "video" or "audio").Distinct().OrderDescending(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Reads 4 s, and decodes what comes from the first key frame on. A reader of RTSP begins anywhere, so errors before that are no
    /// fault; the copy drops them.
    /// </summary>
    /// <returns>The number of decoded pictures and audio frames, and what the decoder complained of, out-of-order times included.</returns>
    public static async Task<(int Video, int Audio, string Errors)> Decode(string url)
    {
        string file = Path.Combine(Path.GetTempPath(), $"streams-{Guid.NewGuid():N}.mkv");
        try
        {
            await Copy(url, file);
            (int video, string videoErrors) = await DecodeFile(file, "v");
            (int audio, string audioErrors) = await DecodeFile(file, "a");
            return (video, audio, videoErrors + audioErrors);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // With pictures out of order, about one read in twenty begins where ffmpeg can tell no time for the first one, and its muxer gives up:
    // measured so with MediaMTX v1.20.1 and with the stand-in alike. That is no fault of the server, so it reads again.
    private static async Task Copy(string url, string file)
    {
        const int Attempts = 5;
        for (int attempt = 1; ; attempt++)
        {
            (int code, string output) = await ChildProgram.Run("ffmpeg", [.. Quiet, "-loglevel", "error", .. Transport(url), "-i", url, "-t", "4", "-c", "copy", "-y", file]);
            if (code == 0)
            {
                return;
            }

            if (!output.Contains("unknown timestamp", StringComparison.Ordinal) || attempt == Attempts)
            {
                throw new InvalidOperationException($"ffmpeg failed with {code}: {output}");
            }
        }
    }

    // ffprobe decodes every frame and writes its time; whatever else it writes is an error.
    private static async Task<(int Count, string Errors)> DecodeFile(string file, string kind)
    {
        (int _, string output) = await ChildProgram.Run("ffprobe",
            ["-v", "error", "-select_streams", kind, "-show_entries", "frame=pts_time", "-of", "csv=p=0", file]);
        double last = double.NegativeInfinity;
        int count = 0;
        StringBuilder errors = new();
        foreach (string line in output.Split('\n').Select(line => line.Trim().TrimEnd(',')).Where(line => line.Length > 0))
        {
            if (!double.TryParse(line, CultureInfo.InvariantCulture, out double time))
            {
                errors.AppendLine(line);
                continue;
            }

            // Equal times are no error: ffmpeg gives the first picture of a read none, and the copy repeats the next one's.
            if (time < last)
            {
                errors.AppendLine(CultureInfo.InvariantCulture, $"a frame of {time} s comes after one of {last} s");
            }

            last = time;
            count++;
        }

        return (count, errors.ToString());
    }

    [GeneratedRegex(@"pts_time:([\d.]+)")]
    private static partial Regex PictureTime();

    private static string[] Transport(string url) => url.StartsWith("rtsp", StringComparison.Ordinal) ? ["-rtsp_transport", "tcp"] : [];

    private static ChildProgram Ffmpeg(string[] arguments) => ChildProgram.Start("ffmpeg", [.. Quiet, .. arguments]);
}
