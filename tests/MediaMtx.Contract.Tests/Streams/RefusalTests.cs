using System.Net.Sockets;
using System.Text;
using Streams.Testing;
using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

public sealed class RefusalTests(SharedServers servers)
{
    [Theory, OnBothServers]
    public async Task An_output_without_credentials_is_refused_as_ffmpeg_shows_it(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp($"live/{TestStream.NewId()}/out"));
        Assert.NotEqual(0, await publisher.WaitForEnd());
        await AssertRefused(server, publisher, "Server error: authentication failed");
        await AssertRefused(server, publisher, "Operation not permitted");
    }

    [Theory, OnBothServers]
    public async Task A_wrong_password_is_refused(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp($"live/{TestStream.NewId()}/out?user=worker&pass=wrong"));
        Assert.NotEqual(0, await publisher.WaitForEnd());
        await AssertRefused(server, publisher, "Server error: authentication failed");
    }

    [Theory, OnBothServers]
    public async Task A_path_that_is_not_configured_is_refused(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"other/{TestStream.NewId()}";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        Assert.NotEqual(0, await publisher.WaitForEnd());
        await AssertRefused(server, publisher, "Input/output error", $"path '{path}' is not configured");
        await server.WaitForLine($"closed: path '{path}' is not configured");
    }

    [Theory, OnBothServers]
    public async Task A_reader_of_a_path_without_a_stream_gets_404(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram reader = TestStream.ReadRtsp(server.Rtsp(path));
        Assert.NotEqual(0, await reader.WaitForEnd());
        Assert.Contains("method DESCRIBE failed: 404 Not Found", reader.Output, StringComparison.Ordinal);
        await server.WaitForLine($"closed: no stream is available on path '{path}'");
    }

    [Theory, OnBothServers]
    public async Task UDP_is_refused_and_the_client_may_try_TCP_on_the_same_connection(MediaServerKind kind)
    {
        MediaServer server = await servers.Get(kind);
        string path = $"live/{TestStream.NewId()}/in";
        await using ChildProgram publisher = TestStream.PublishRtmp(server.Rtmp(path));
        await server.WaitUntilAvailable(path);
        using TcpClient client = new("127.0.0.1", server.RtspPort);
        await using NetworkStream stream = client.GetStream();
        string track = $"{server.Rtsp(path)}/trackID=0";
        string udp = await Ask(stream, $"SETUP {track} RTSP/1.0\r\nCSeq: 1\r\nTransport: RTP/AVP;unicast;client_port=30000-30001\r\n\r\n");
        Assert.StartsWith("RTSP/1.0 461 ", udp, StringComparison.Ordinal);
        string tcp = await Ask(stream, $"SETUP {track} RTSP/1.0\r\nCSeq: 2\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n");
        Assert.StartsWith("RTSP/1.0 200 OK", tcp, StringComparison.Ordinal);
        Assert.Contains("interleaved=0-1", tcp, StringComparison.Ordinal);
    }

    // Versions that do not refuse drop the publisher, which sees only that.
    private static async Task AssertRefused(MediaServer server, ChildProgram publisher, string heard, string logged = "authentication failed")
    {
        if (server.Version.RefusesRtmpClients)
        {
            Assert.Contains(heard, publisher.Output, StringComparison.Ordinal);
        }
        else
        {
            Assert.Matches("Connection reset by peer|Broken pipe", publisher.Output);
            await server.WaitForLine(logged);
        }
    }

    private static async Task<string> Ask(NetworkStream stream, string request)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        byte[] answer = new byte[4096];
        using CancellationTokenSource late = new(Eventually.Patience);
        return Encoding.ASCII.GetString(answer, 0, await stream.ReadAsync(answer, late.Token));
    }
}
