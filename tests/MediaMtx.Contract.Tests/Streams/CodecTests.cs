using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>Codecs that ffmpeg publishes: they come in, a worker copies them, and they go out.</summary>
public sealed class CodecTests(SharedServers servers)
{
    private const string H264 = "-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 30";
    private static readonly string[] Quiet = ["-hide_banner", "-nostdin", "-loglevel", "warning"];
    private static readonly string[] Inputs = ["-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30", "-re", "-f", "lavfi", "-i", "sine=sample_rate=48000"];

    [Theory]
    [OnBothServers(H264 + " -c:a pcm_alaw -ar 8000 -ac 1", "H264, G711", "h264, pcm_alaw")]
    [OnBothServers(H264 + " -c:a pcm_mulaw -ar 8000 -ac 1", "H264, G711", "h264, pcm_mulaw")]
    [OnBothServers(H264 + " -c:a pcm_s16be", "H264, LPCM", "h264, pcm_s16be")]
    [OnBothServers("-c:v libx265 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 30 -x265-params log-level=error -c:a libopus", "H265, Opus", "hevc, opus")]
    [OnBothServers("-c:v libvpx -deadline realtime -cpu-used 8 -g 30 -c:a libopus", "VP8, Opus", "vp8, opus")]
    [OnBothServers("-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 30 -c:a aac -strict -2", "VP9, MPEG-4 Audio", "vp9, aac")]
    [OnBothServers("-c:v mpeg4 -g 30 -c:a libmp3lame", "MPEG-4 Video, MPEG-1/2 Audio", "mpeg4, mp3")]
    [OnBothServers("-c:v mpeg2video -g 30 -c:a g722 -ar 16000 -ac 1", "MPEG-1/2 Video, G722", "mpeg2video, adpcm_g722")]
    [OnBothServers(H264 + " -map 0 -map 1 -map 1 -c:a aac", "H264, MPEG-4 Audio, MPEG-4 Audio", "h264, aac, aac")]
    public async Task What_is_published_by_RTSP_is_copied_by_RTSP(MediaServerKind kind, string encoder, string tracks, string codecs)
    {
        MediaServer server = await servers.Get(kind);
        string id = TestStream.NewId();
        await using ChildProgram publisher = Publish(encoder, "rtsp", server.Rtsp($"live/{id}/in"));
        JsonElement input = await server.WaitUntilAvailable($"live/{id}/in");
        Assert.Equal(tracks, string.Join(", ", input.GetProperty("tracks").Strings()));

        string output = server.Rtsp($"live/{id}/out").Replace("://", "://worker:worker@", StringComparison.Ordinal);
        await using ChildProgram worker = ChildProgram.Start("ffmpeg",
        [
            .. Quiet, "-rtsp_transport", "tcp", "-i", server.Rtsp($"live/{id}/in"), "-map", "0", "-c", "copy", "-strict", "-2", "-f", "rtsp", "-rtsp_transport", "tcp", output,
        ]);
        JsonElement copied = await server.WaitUntilAvailable($"live/{id}/out");
        Assert.Equal(tracks, string.Join(", ", copied.GetProperty("tracks").Strings()));
        Assert.Equal(codecs, string.Join(", ", await Probe(server.Rtsp($"live/{id}/out"))));
        Assert.False(worker.HasEnded, worker.Output);
    }

    [Theory]
    [OnBothServers("libmp3lame -ar 44100", "MPEG-1/2 Audio", "mp3")]
    [OnBothServers("pcm_alaw -ar 8000 -ac 1", "G711", "pcm_alaw")]
    [OnBothServers("pcm_mulaw -ar 8000 -ac 1", "G711", "pcm_mulaw")]
    public async Task Sound_that_FLV_knows_comes_in_by_RTMP_and_goes_out_by_both(MediaServerKind kind, string sound, string track, string codec)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = Publish($"{H264} -c:a {sound}", "flv", server.Rtmp(path));
        JsonElement input = await server.WaitUntilAvailable(path);
        Assert.Equal(["H264", track], input.GetProperty("tracks").Strings());
        Assert.Equal(["h264", codec], await Probe(server.Rtsp(path)));
        Assert.Equal(["h264", codec], (await Probe(server.Rtmp(path))).Order(StringComparer.Ordinal));
    }

    [Theory, OnBothServers]
    public async Task Sound_without_a_configuration_is_missed_where_the_first_picture_is_stamped_late(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = Publish(H264 + " -c:a pcm_alaw -ar 8000 -ac 1 -output_ts_offset 2.5", "flv", server.Rtmp(path));
        await publisher.WaitForEnd();
        await server.WaitForLine("closed: received a packet for audio track 0, but track is not set up");
    }

    [Theory, OnBothServers]
    public async Task A_reader_of_RTMP_gets_what_RTMP_carries(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = Publish(H264 + " -c:a libopus", "rtsp", server.Rtsp(path));
        await server.WaitUntilAvailable(path);
        Assert.Equal(["h264"], await Probe(server.Rtmp(path)));
        await server.WaitForLine("skipping track 2 (Opus)");
        await server.WaitForLine($"is reading from path '{path}', 1 track (H264)");
    }

    [Theory, OnBothServers]
    public async Task A_reader_of_RTMP_is_refused_where_RTMP_carries_nothing(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        using RtspClient publisher = await RtspClient.Connect(server);
        await publisher.Publish(server.Rtsp(path), "video 0 RTP/AVP 96|rtpmap:96 VP8/90000");
        await server.WaitUntilAvailable(path);
        await using ChildProgram reader = TestStream.ReadRtmp(server.Rtmp(path));
        Assert.NotEqual(0, await reader.WaitForEnd());
        await server.WaitForLine("closed: the stream doesn't contain any supported codec");
    }

    [Theory, OnBothServers]
    public async Task A_track_that_is_announced_and_then_silent_does_not_hold_the_others_up(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = ChildProgram.Start("ffmpeg",
        [
            .. Quiet, "-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30", "-f", "lavfi", "-i", "sine=sample_rate=48000:duration=0.05",
            .. H264.Split(' '), "-c:a", "aac", "-max_interleave_delta", "1", "-rtsp_transport", "tcp", "-f", "rtsp", server.Rtsp(path),
        ]);
        JsonElement item = await server.WaitUntilAvailable(path);
        Assert.Equal(["H264", "MPEG-4 Audio"], item.GetProperty("tracks").Strings());
        (int code, string output) = await ChildProgram.Run("ffmpeg",
            [.. Quiet, "-rtsp_transport", "tcp", "-i", server.Rtsp(path), "-map", "0:v", "-frames:v", "60", "-f", "null", "-"]);
        Assert.True(code == 0, output);
    }

    private static ChildProgram Publish(string encoder, string format, string url) => ChildProgram.Start("ffmpeg",
        [.. Quiet, .. Inputs, .. encoder.Split(' '), .. format == "rtsp" ? ["-rtsp_transport", "tcp"] : Array.Empty<string>(), "-f", format, url]);

    private static async Task<IReadOnlyList<string>> Probe(string url)
    {
        string[] transport = url.StartsWith("rtsp", StringComparison.Ordinal) ? ["-rtsp_transport", "tcp"] : [];
        (int code, string output) = await ChildProgram.Run("ffprobe",
            ["-v", "fatal", .. transport, "-show_entries", "stream=codec_name", "-of", "default=nokey=1:noprint_wrappers=1", url]);
        return code == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : throw new InvalidOperationException($"ffprobe failed with {code}: {output}");
    }
}
