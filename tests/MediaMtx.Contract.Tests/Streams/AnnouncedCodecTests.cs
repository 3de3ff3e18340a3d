using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>Tracks as a publisher announces them; none of these ever sends.</summary>
public sealed class AnnouncedCodecTests(SharedServers servers)
{
    private const string H264 = "video 0 RTP/AVP 96|rtpmap:96 H264/90000|fmtp:96 packetization-mode=1";

    [Theory]
    [OnBothServers(H264, "H264", """{"width":0,"height":0,"profile":"","level":""}""")]
    [OnBothServers(
        "video 0 RTP/AVP 96|rtpmap:96 H265/90000|fmtp:96 sprop-vps=QAEMAf//AWAAAAMAkAAAAwAAAwA8lZQJ; sprop-sps=QgEBAWAAAAMAkAAAAwAAAwA8oAoIDB8+WVlSkwvAWgIAAAMAAgAAAwA8EA==; sprop-pps=RAHAc8GJ",
        "H265", """{"width":320,"height":180,"profile":"Main","level":"2"}""")]
    [OnBothServers("video 0 RTP/AVP 97|rtpmap:97 VP8/90000", "VP8", "null")]
    [OnBothServers("video 0 RTP/AVP 96|rtpmap:96 VP9/90000|fmtp:96 profile-id=2", "VP9", """{"profile":2}""")]
    [OnBothServers("video 0 RTP/AVP 96|rtpmap:96 AV1/90000|fmtp:96 profile=1; level-idx=5; tier=0", "AV1", """{"width":0,"height":0,"profile":1,"level":5,"tier":0}""")]
    [OnBothServers("video 0 RTP/AVP 96|rtpmap:96 MP4V-ES/90000|fmtp:96 profile-level-id=1", "MPEG-4 Video", "null")]
    [OnBothServers("video 0 RTP/AVP 32", "MPEG-1/2 Video", "null")]
    [OnBothServers("video 0 RTP/AVP 26", "M-JPEG", "null")]
    [OnBothServers("video 0 RTP/AVP 33", "MPEG-TS", "null")]
    [OnBothServers("audio 0 RTP/AVP 96|rtpmap:96 opus/48000/2", "Opus", """{"channelCount":1}""")]
    [OnBothServers("audio 0 RTP/AVP 96|rtpmap:96 opus/48000/2|fmtp:96 sprop-stereo=1", "Opus", """{"channelCount":2}""")]
    [OnBothServers("audio 0 RTP/AVP 96|rtpmap:96 multiopus/48000/6|fmtp:96 num_streams=4", "Opus", """{"channelCount":6}""")]
    [OnBothServers("audio 0 RTP/AVP 96|rtpmap:96 vorbis/44100/2|fmtp:96 configuration=AAAA", "Vorbis", "null")]
    [OnBothServers(
        "audio 0 RTP/AVP 96|rtpmap:96 mpeg4-generic/48000/2|fmtp:96 mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1190",
        "MPEG-4 Audio", """{"sampleRate":48000,"channelCount":2}""")]
    [OnBothServers("audio 0 RTP/AVP 96|rtpmap:96 MP4A-LATM/24000/2|fmtp:96 profile-level-id=1; cpresent=0; object=2; config=400026203fc0", "MPEG-4 Audio LATM", "null")]
    [OnBothServers("audio 0 RTP/AVP 14", "MPEG-1/2 Audio", "null")]
    [OnBothServers("audio 0 RTP/AVP 96|rtpmap:96 AC3/48000/2", "AC3", """{"sampleRate":48000,"channelCount":2}""")]
    [OnBothServers("audio 0 RTP/AVP 96|rtpmap:96 AC3/48000", "AC3", """{"sampleRate":48000,"channelCount":6}""")]
    [OnBothServers("audio 0 RTP/AVP 96|rtpmap:96 speex/16000", "Speex", "null")]
    [OnBothServers("audio 0 RTP/AVP 97|rtpmap:97 G726-16/8000", "G726", "null")]
    [OnBothServers("audio 0 RTP/AVP 9", "G722", "null")]
    [OnBothServers("audio 0 RTP/AVP 0", "G711", """{"muLaw":true,"sampleRate":8000,"channelCount":1}""")]
    [OnBothServers("audio 0 RTP/AVP 8", "G711", """{"muLaw":false,"sampleRate":8000,"channelCount":1}""")]
    [OnBothServers("audio 0 RTP/AVP 97|rtpmap:97 PCMU/16000/2", "G711", """{"muLaw":true,"sampleRate":16000,"channelCount":2}""")]
    [OnBothServers("audio 0 RTP/AVP 96|rtpmap:96 L24/48000/2", "LPCM", """{"bitDepth":24,"sampleRate":48000,"channelCount":2}""")]
    [OnBothServers("audio 0 RTP/AVP 10", "LPCM", """{"bitDepth":16,"sampleRate":44100,"channelCount":2}""")]
    [OnBothServers("application 0 RTP/AVP 98|rtpmap:98 SMPTE336M/90000", "KLV", "null")]
    [OnBothServers("application 0 RTP/AVP 107|rtpmap:107 vnd.onvif.metadata/90000", "Generic", "null")]
    [OnBothServers("audio 0 RTP/AVP 96|rtpmap:96 unknown/16000", "Generic", "null")]
    public async Task A_track_has_the_name_and_the_properties_of_its_codec(MediaServerKind kind, string media, string codec, string properties)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        using RtspClient publisher = await RtspClient.Connect(server);
        await publisher.Publish(server.Rtsp(path), media);
        JsonElement item = await server.WaitUntilAvailable(path);
        Assert.Equal([codec], item.GetProperty("tracks").Strings());
        Assert.Equal($$"""[{"codec":"{{codec}}","codecProps":{{properties}}}]""", item.GetProperty("tracks2").GetRawText());
    }

    [Theory, OnBothServers]
    public async Task A_reader_hears_the_format_as_it_was_announced(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        using RtspClient publisher = await RtspClient.Connect(server);
        await publisher.Publish(server.Rtsp(path), H264, "audio 0 RTP/AVP 8", "audio 0 RTP/AVP 111|rtpmap:111 opus/48000/2|fmtp:111 sprop-stereo=1");
        await server.WaitUntilAvailable(path);
        using RtspClient reader = await RtspClient.Connect(server);
        string sdp = await reader.Play(server.Rtsp(path));
        string[] lines = sdp.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["m=video 0 RTP/AVP 96", "m=audio 0 RTP/AVP 8", "m=audio 0 RTP/AVP 111"], lines.Where(line => line.StartsWith("m=", StringComparison.Ordinal)));
        Assert.Contains("a=rtpmap:96 H264/90000", lines);
        Assert.Contains("a=fmtp:96 packetization-mode=1", lines);
        Assert.Contains("a=rtpmap:8 PCMA/8000", lines);
        Assert.Contains("a=rtpmap:111 opus/48000/2", lines);
        Assert.Contains("a=fmtp:111 sprop-stereo=1", lines);
    }

    [Theory, OnBothServers]
    public async Task Payloads_pass_with_their_marks_and_the_progress_of_their_time(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        using RtspClient publisher = await RtspClient.Connect(server);
        await publisher.Publish(server.Rtsp(path), "audio 0 RTP/AVP 111|rtpmap:111 opus/48000/2");
        await server.WaitUntilAvailable(path);
        using RtspClient reader = await RtspClient.Connect(server);
        await reader.Play(server.Rtsp(path));
        for (byte i = 0; i < 3; i++)
        {
            await publisher.Send(0, [0x80, 111, 0, i, 0, 0, (byte)((960 * i) >> 8), (byte)(960 * i), 1, 2, 3, 4, 0xF8, 0xFF, i]);
        }

        List<byte[]> packets = [];
        while (packets.Count < 3)
        {
            (int channel, byte[] packet) = await reader.Receive();
            if (channel == 0)
            {
                packets.Add(packet);
            }
        }

        Assert.All(packets, packet => Assert.Equal(111, packet[1]));
        Assert.Equal([0, 1, 2], packets.Select(packet => (int)packet[^1]));
        Assert.Equal([960, 960], packets.Zip(packets.Skip(1), (one, next) => (int)(Number(next, 4) - Number(one, 4))));
        Assert.Single(packets.Select(packet => Number(packet, 8)).Distinct());
    }

    private static uint Number(byte[] packet, int at) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(at));
}
