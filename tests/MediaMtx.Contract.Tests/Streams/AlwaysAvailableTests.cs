using System.Buffers.Binary;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>Paths that stay while publishers come and go.</summary>
public sealed class AlwaysAvailableTests(SharedServers servers)
{
    private const string Tracks = """ "alwaysAvailableTracks":[{"codec":"H264"},{"codec":"MPEG4Audio","sampleRate":48000,"channelCount":1}] """;
    private const string Hooks = """
        "runOnAvailable":"mtx-hook available","runOnUnavailable":"mtx-hook unavailable","runOnOnline":"mtx-hook online","runOnOffline":"mtx-hook offline"
        """;

    private const string OldHooks = """ "runOnReady":"mtx-hook available","runOnNotReady":"mtx-hook unavailable" """;

    [Theory, OnBothServers]
    public async Task It_is_available_without_a_publisher_and_online_with_one(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = await Add(server, Tracks);
        JsonElement slate = await server.WaitUntilAvailable(path);
        AssertLike("kept-slate.json", slate);
        Assert.Equal(JsonValueKind.Null, slate.GetProperty("onlineTime").ValueKind);

        await using (ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(path)))
        {
            JsonElement online = await WaitUntil(server, path, isOnline: true);
            AssertLike("kept-online.json", online);
            Assert.Equal("rtspSession", online.GetProperty("source").GetProperty("type").GetString());
            Assert.Equal(slate.GetProperty("availableTime").GetString(), online.GetProperty("availableTime").GetString());
            Assert.Equal(320, online.GetProperty("tracks2")[0].GetProperty("codecProps").GetProperty("width").GetInt32());
            publisher.Signal(9);
            AssertLike("kept-slate.json", await WaitUntil(server, path, isOnline: false));
        }

        await server.Configure("delete", path);
        await server.WaitUntilGone(path);
    }

    [Theory, OnBothServers]
    public async Task The_stream_has_hooks_without_a_source_and_the_publisher_has_its_own(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        Assert.SkipUnless(server.Version.HasAvailableHooks, "This version has no hooks for the publisher of such a path.");
        string path = await Add(server, Tracks);
        HookEvent available = await servers.Hook.WaitFor("available", path);
        Assert.False(available.Environment.ContainsKey("MTX_SOURCE_TYPE"));
        Assert.False(available.Environment.ContainsKey("MTX_SOURCE_ID"));

        await using ChildProgram first = TestStream.PublishRtsp(server.Rtsp($"{path}?n=1"));
        HookEvent online = await servers.Hook.WaitFor("online", path);
        Assert.Equal((await WaitUntil(server, path, isOnline: true)).SourceId(), online.SourceId);
        Assert.Equal(("rtspSession", "n%3D1"), (online.Environment["MTX_SOURCE_TYPE"], online.Environment["MTX_QUERY"]));
        await using ChildProgram second = TestStream.PublishRtsp(server.Rtsp(path));
        HookEvent taken = await servers.Hook.WaitFor("online", path, run => run.SourceId != online.SourceId);
        Assert.Equal(online.SourceId, (await servers.Hook.WaitFor("offline", path)).SourceId);
        await first.WaitForEnd();
        second.Signal(ChildProgram.Interrupt);
        await servers.Hook.WaitFor("offline", path, run => run.SourceId == taken.SourceId);
        Assert.DoesNotContain(servers.Hook.EventsOf(path), run => run.Kind == "unavailable");
        await server.Configure("delete", path);
        Assert.False((await servers.Hook.WaitFor("unavailable", path)).Environment.ContainsKey("MTX_SOURCE_ID"));
        AssertLogged(server, path);
    }

    [Theory, OnBothServers]
    public async Task A_reader_stays_through_publishers_and_its_time_goes_on(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = await Add(server, Tracks);
        using RtspClient reader = await RtspClient.Connect(server);
        await reader.Play(server.Rtsp(path));
        List<byte[]> packets = [await Next(reader)];
        string session = await Reader(server, path);
        for (int round = 0; round < 2; round++)
        {
            await using ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(path));
            await WaitUntil(server, path, isOnline: true);
            await Until(reader, packets, IsPicture);
            publisher.Signal(9);
            await WaitUntil(server, path, isOnline: false);
            int before = packets.Count;
            await Until(reader, packets, _ => packets.Count > before + 10);
        }

        Assert.Equal(session, await Reader(server, path));
        Assert.All(packets.Zip(packets.Skip(1)), pair => Assert.Equal(Sequence(pair.First) + 1 & 0xFFFF, Sequence(pair.Second)));

        // Pictures come out of order, and a publisher's time begins where the slate's would be now.
        Assert.All(packets.Zip(packets.Skip(1)), pair => Assert.InRange(unchecked((int)(Time(pair.Second) - Time(pair.First))), -90_000, 10 * 90_000));
        Assert.InRange(unchecked((int)(Time(packets[^1]) - Time(packets[0]))), 1, int.MaxValue);
        await server.Configure("delete", path);
    }

    [Theory, OnBothServers]
    public async Task Publishers_and_readers_of_RTMP_do_the_same(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = await Add(server, Tracks);
        await using ChildProgram first = TestStream.PublishRtmp(server.Rtmp(path));
        string source = (await WaitUntil(server, path, isOnline: true)).SourceId();
        await using ChildProgram reader = TestStream.ReadRtmp(server.Rtmp(path));
        string connection = await Reader(server, path);
        await using ChildProgram second = TestStream.PublishRtmp(server.Rtmp(path));
        await server.WaitForPath(path, item => item.GetProperty("online").GetBoolean() && item.SourceId() != source, "to be taken over");
        await first.WaitForEnd();
        second.Signal(9);
        await WaitUntil(server, path, isOnline: false);
        Assert.Equal(connection, await Reader(server, path));
        Assert.False(reader.HasEnded, reader.Output);
        await server.Configure("delete", path);
        await reader.WaitForEnd();
    }

    [Theory, OnBothServers]
    public async Task A_publisher_with_other_tracks_is_refused_and_the_good_one_ends_with_it(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = await Add(server, Tracks);
        await using ChildProgram good = TestStream.PublishRtsp(server.Rtsp(path));
        await WaitUntil(server, path, isOnline: true);
        using RtspClient other = await RtspClient.Connect(server);
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => other.Publish(server.Rtsp(path), "video 0 RTP/AVP 96|rtpmap:96 H264/90000|fmtp:96 packetization-mode=1"));
        Assert.Contains("RECORD", refused.Message, StringComparison.Ordinal);
        Assert.Contains("400 Bad Request", refused.Message, StringComparison.Ordinal);
        await server.WaitForLine("closed: wants to publish [H264], but stream expects [H264 MPEG-4 Audio]");
        await good.WaitForEnd();
        await WaitUntil(server, path, isOnline: false);
        await server.Configure("delete", path);
    }

    [Theory]
    [OnBothServers("audio 0 RTP/AVP 97|rtpmap:97 mpeg4-generic/44100/1|fmtp:97 mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1208",
        """{"codec":"MPEG4Audio","sampleRate":48000,"channelCount":1}""",
        "MPEG-4 audio configuration does not match, is type=2, sampleRate=44100, channelCount=1, but stream expects type=2, sampleRate=48000, channelCount=1")]
    [OnBothServers("audio 0 RTP/AVP 0", """{"codec":"G711","sampleRate":8000,"channelCount":1}""",
        "G711 configuration does not match, is MULaw=true, sampleRate=8000, channelCount=1, but stream expects MULaw=false, sampleRate=8000, channelCount=1")]
    [OnBothServers("audio 0 RTP/AVP 96|rtpmap:96 L16/48000/2", """{"codec":"LPCM","sampleRate":48000,"channelCount":1}""",
        "LPCM configuration does not match, is bitDepth=16, sampleRate=48000, channelCount=2, but stream expects bitDepth=16, sampleRate=48000, channelCount=1")]
    [OnBothServers("audio 0 RTP/AVP 96|rtpmap:96 L16/48000/2", """{"codec":"Opus"}""", "wants to publish [LPCM], but stream expects [Opus]")]
    public async Task So_is_one_whose_sound_is_configured_otherwise(MediaServerKind kind, string media, string track, string error)
    {
        MediaServer server = await servers.Get(kind);
        string path = await Add(server, $"\"alwaysAvailableTracks\":[{track}]");
        using RtspClient publisher = await RtspClient.Connect(server);
        await Assert.ThrowsAsync<InvalidOperationException>(() => publisher.Publish(server.Rtsp(path), media));
        await server.WaitForLine($"closed: {error}");
        await server.Configure("delete", path);
    }

    [Theory, OnBothServers]
    public async Task A_file_has_the_tracks_and_is_shown_meanwhile(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string file = await MakeSlate();
        try
        {
            string path = await Add(server, $"\"alwaysAvailableFile\":\"{file}\"");
            JsonElement slate = await server.WaitUntilAvailable(path);
            AssertLike("kept-slate.json", slate);
            Assert.Equal(
                """[{"codec":"H264","codecProps":{"width":320,"height":180,"profile":"Baseline","level":"1.3"}},{"codec":"MPEG-4 Audio","codecProps":{"sampleRate":48000,"channelCount":1}}]""",
                slate.GetProperty("tracks2").GetRawText());
            (int pictures, int sounds, string errors) = await TestStream.Decode(server.Rtsp(path));
            Assert.True(errors.Length == 0, errors);
            Assert.True(pictures >= 50 && sounds >= 50, $"Only {pictures} pictures and {sounds} audio frames");
            await server.Configure("delete", path);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory, OnBothServers]
    public async Task The_server_dies_when_the_file_is_gone_once_a_publisher_ends(MediaServerKind kind)
    {
        await using MediaServer server = await MediaServer.Start(new MediaServerOptions { Kind = kind, HookFolder = servers.Hook.Folder });
        string file = await MakeSlate();
        string path = await Add(server, $"\"alwaysAvailableFile\":\"{file}\"");
        await using ChildProgram publisher = TestStream.PublishRtsp(server.Rtsp(path));
        await WaitUntil(server, path, isOnline: true);
        File.Delete(file);
        publisher.Signal(9);
        Assert.Equal(2, await server.Program.WaitForEnd());
        Assert.Contains("panic:", server.Program.Output, StringComparison.Ordinal);
    }

    private static async Task<string> Add(MediaServer server, string slate)
    {
        string path = $"live/{TestStream.NewId()}/in";
        await server.AddPath(path, $$"""{"alwaysAvailable":true,{{slate}},{{(server.Version.HasAvailableHooks ? Hooks : OldHooks)}}}""");
        return path;
    }

    private static async Task<string> MakeSlate()
    {
        string file = Path.Combine(Path.GetTempPath(), $"streams-slate-{Guid.NewGuid():N}.mp4");
        (int code, string output) = await ChildProgram.Run("ffmpeg",
        [
            "-hide_banner", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30", "-f", "lavfi", "-i", "sine=sample_rate=48000",
            "-t", "1", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "30", "-c:a", "aac", file,
        ]);
        return code == 0 ? file : throw new InvalidOperationException(output);
    }

    private static Task<JsonElement> WaitUntil(MediaServer server, string path, bool isOnline) =>
        server.WaitForPath(path, item => item.GetProperty("online").GetBoolean() == isOnline, isOnline ? "to be online" : "to be offline");

    private static void AssertLike(string recording, JsonElement item)
    {
        JsonElement recorded = Recording.Json(recording);
        Assert.Equal(Recording.Names(recorded), Recording.Names(item));
        foreach (string same in new[] { "ready", "available", "online", "tracks" })
        {
            Assert.Equal(recorded.GetProperty(same).ToString(), item.GetProperty(same).ToString());
        }

        Assert.Equal(recorded.GetProperty("source").ValueKind, item.GetProperty("source").ValueKind);
    }

    private static void AssertLogged(MediaServer server, string path)
    {
        string[] said = [.. server.Lines.Where(line => line.Contains($"[path {path}]", StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("message").GetString()!.Replace($"[path {path}] ", "", StringComparison.Ordinal))
            .Where(line => !line.Contains("RTP packets are too big", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "runOnAvailable command started",
                "stream is available, 2 tracks (H264, MPEG-4 Audio)",
                "stream is online",
                "runOnOnline command started",
                "closing existing publisher",
                "runOnOnline command stopped",
                "runOnOffline command launched",
                "stream is online",
                "runOnOnline command started",
                "runOnOnline command stopped",
                "runOnOffline command launched",
                "runOnAvailable command stopped",
                "runOnUnavailable command launched",
            ],
            said);
    }

    private static async Task<string> Reader(MediaServer server, string path) =>
        (await server.WaitForPath(path, item => item.GetProperty("readers").GetArrayLength() == 1, "to have a reader")).GetProperty("readers")[0].GetProperty("id").GetString()!;

    private static async Task<byte[]> Next(RtspClient reader)
    {
        (int channel, byte[] packet) = await reader.Receive();
        while (channel != 0)
        {
            (channel, packet) = await reader.Receive();
        }

        return packet;
    }

    private static async Task Until(RtspClient reader, List<byte[]> packets, Func<byte[], bool> isEnough)
    {
        do
        {
            packets.Add(await Next(reader));
        }
        while (!isEnough(packets[^1]));
    }

    // A fragment of a key frame of the publisher's size: the slate's filler has none, and MediaMTX's card is another.
    private static bool IsPicture(byte[] packet) => (packet[12] & 0x1F) == 28 && (packet[13] & 0x1F) == 5;

    private static int Sequence(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));

    private static uint Time(byte[] packet) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4));
}
