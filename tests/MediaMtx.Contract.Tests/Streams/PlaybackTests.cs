using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

public sealed class PlaybackTests(SharedServers servers)
{
    private const int SecondsRead = 4;
    private const int LeastPictures = (SecondsRead - 2) * 25;

    [Theory, OnBothServers]
    public Task What_comes_in_by_RTMP_plays_by_RTSP_and_by_RTMP(MediaServerKind kind) =>
        PlaysEverywhere(kind, TestStream.PublishRtmp, (server, path) => server.Rtmp(path), video: true, audio: true);

    [Theory, OnBothServers]
    public Task Pictures_out_of_order_stay_in_theirs(MediaServerKind kind) =>
        PlaysEverywhere(kind, TestStream.PublishRtmpWithBFrames, (server, path) => server.Rtmp(path), video: true, audio: true);

    [Theory, OnBothServers]
    public Task What_comes_in_by_RTSP_plays_by_RTSP_and_by_RTMP(MediaServerKind kind) =>
        PlaysEverywhere(kind, TestStream.PublishRtsp, (server, path) => server.Rtsp(path), video: true, audio: true);

    [Theory, OnBothServers]
    public Task A_stream_without_sound_plays(MediaServerKind kind) =>
        PlaysEverywhere(kind, TestStream.PublishRtmpVideo, (server, path) => server.Rtmp(path), video: true, audio: false);

    [Theory, OnBothServers]
    public Task A_stream_without_pictures_plays(MediaServerKind kind) =>
        PlaysEverywhere(kind, TestStream.PublishRtmpAudio, (server, path) => server.Rtmp(path), video: false, audio: true);

    [Theory, OnBothServers]
    public async Task A_worker_reads_the_input_and_publishes_the_output_with_its_credentials(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string id = TestStream.NewId();
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp($"live/{id}/in"));
        await server.WaitUntilAvailable($"live/{id}/in");
        await using ChildProgram worker = ChildProgram.Start("ffmpeg",
        [
            "-hide_banner", "-nostdin", "-loglevel", "warning", "-rtsp_transport", "tcp", "-fflags", "nobuffer", "-flags", "low_delay",
            "-probesize", "32768", "-analyzeduration", "500000", "-i", server.Rtsp($"live/{id}/in"),
            "-c", "copy", "-output_ts_offset", "2.5", "-f", "flv", server.RtmpOutput(id),
        ]);
        await server.WaitUntilAvailable($"live/{id}/out");
        Assert.Equal(["aac", "h264"], await TestStream.Probe(server.Rtsp($"live/{id}/out")));
        Assert.Equal("worker", (await WorkersConnection(server, id)).GetProperty("user").GetString());
    }

    private static async Task<System.Text.Json.JsonElement> WorkersConnection(MediaServer server, string id)
    {
        System.Text.Json.JsonElement list = await server.Ask($"/v3/{server.Version.Endpoint("rtmpconns")}/list");
        return list.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("path").GetString() == $"live/{id}/out");
    }

    private async Task PlaysEverywhere(
        MediaServerKind kind,
        Func<string, ChildProgram> publish,
        Func<MediaServer, string, string> urlOf,
        bool video,
        bool audio)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = publish(urlOf(server, path));
        await server.WaitUntilAvailable(path);
        string[] codecs = [.. new[] { audio ? "aac" : "", video ? "h264" : "" }.Where(codec => codec.Length > 0)];
        foreach (string url in new[] { server.Rtsp(path), server.Rtmp(path) })
        {
            Assert.Equal(codecs, await TestStream.Probe(url));
            (int pictures, int sounds, string errors) = await TestStream.Decode(url);
            Assert.True(errors.Length == 0, $"{url} does not decode cleanly:\n{errors}");
            Assert.True(!video || pictures >= LeastPictures, $"Only {pictures} pictures from {url}");
            Assert.True(!audio || sounds >= LeastPictures, $"Only {sounds} audio frames from {url}");
        }
    }
}
