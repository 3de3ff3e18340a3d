using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Streams.Testing;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>An RTSP client that says exactly what a test wants, for what ffmpeg does not do.</summary>
internal sealed class RtspClient : IDisposable
{
    private readonly TcpClient _connection;
    private readonly NetworkStream _stream;
    private int _sequence;
    private string _session = "";

    private RtspClient(TcpClient connection)
    {
        _connection = connection;
        _stream = connection.GetStream();
    }

    /// <summary>Connects to a server.</summary>
    public static async Task<RtspClient> Connect(MediaServer server)
    {
        TcpClient connection = new();
        await connection.ConnectAsync("127.0.0.1", server.RtspPort);
        return new RtspClient(connection);
    }

    /// <summary>Announces medias, and records without ever sending a packet.</summary>
    /// <param name="url">Where.</param>
    /// <param name="medias">Each media's lines, its <c>m=</c> line first, with <c>|</c> between them and without their <c>a=</c>.</param>
    public async Task Publish(string url, params string[] medias)
    {
        StringBuilder sdp = new("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=test\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n");
        for (int i = 0; i < medias.Length; i++)
        {
            sdp.Append(CultureInfo.InvariantCulture, $"m={medias[i].Replace("|", "\r\na=", StringComparison.Ordinal)}\r\na=control:streamid={i}\r\n");
        }

        await Accepted("ANNOUNCE", url, "Content-Type: application/sdp\r\n", sdp.ToString());
        for (int i = 0; i < medias.Length; i++)
        {
            await Accepted("SETUP", $"{url}/streamid={i}", $"Transport: RTP/AVP/TCP;unicast;interleaved={2 * i}-{(2 * i) + 1};mode=record\r\n");
        }

        await Accepted("RECORD", url, "Range: npt=0.000-\r\n");
    }

    /// <summary>Describes a stream, sets up its first track and plays.</summary>
    /// <returns>The description.</returns>
    public async Task<string> Play(string url)
    {
        (_, string sdp) = await Accepted("DESCRIBE", url);
        await Accepted("SETUP", $"{url}/trackID=0", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n");
        await Accepted("PLAY", url, "Range: npt=0.000-\r\n");
        return sdp;
    }

    /// <summary>Sends an RTP or RTCP packet.</summary>
    public async Task Send(int channel, byte[] packet)
    {
        byte[] framed = [(byte)'$', (byte)channel, (byte)(packet.Length >> 8), (byte)packet.Length, .. packet];
        await _stream.WriteAsync(framed);
    }

    /// <summary>Receives the next RTP or RTCP packet.</summary>
    public async Task<(int Channel, byte[] Packet)> Receive()
    {
        byte[] prefix = await Read(4);
        return prefix[0] == '$'
            ? (prefix[1], await Read((prefix[2] << 8) | prefix[3]))
            : throw new InvalidOperationException($"no packet: {Encoding.ASCII.GetString(prefix)}...");
    }

    /// <summary>Sends a request and reads its answer; packets before it are forgotten.</summary>
    /// <returns>The status line with the headers, and the body.</returns>
    public async Task<(string Head, string Body)> Request(string method, string url, string headers = "", string body = "")
    {
        string length = body.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n") : "";
        string request = string.Create(CultureInfo.InvariantCulture, $"{method} {url} RTSP/1.0\r\nCSeq: {++_sequence}\r\n{_session}{headers}{length}\r\n{body}");
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        string head = await ReadHead();
        string given = Header(head, "Session");
        _session = given.Length > 0 ? $"Session: {given.Split(';')[0]}\r\n" : _session;
        byte[] answer = int.TryParse(Header(head, "Content-Length"), CultureInfo.InvariantCulture, out int size) ? await Read(size) : [];
        return (head, Encoding.UTF8.GetString(answer));
    }

    public void Dispose() => _connection.Dispose();

    private async Task<(string Head, string Body)> Accepted(string method, string url, string headers = "", string body = "")
    {
        (string head, string answer) = await Request(method, url, headers, body);
        return head.StartsWith("RTSP/1.0 200 OK", StringComparison.Ordinal)
            ? (head, answer)
            : throw new InvalidOperationException($"{method} {url}: {head}");
    }

    private async Task<string> ReadHead()
    {
        byte[] first = await Read(1);
        while (first[0] == '$')
        {
            byte[] prefix = await Read(3);
            await Read((prefix[1] << 8) | prefix[2]);
            first = await Read(1);
        }

        StringBuilder head = new(Encoding.ASCII.GetString(first));
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append(Encoding.ASCII.GetString(await Read(1)));
        }

        return head.ToString();
    }

    private static string Header(string head, string name) => head.Split("\r\n")
        .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim() ?? "";

    private async Task<byte[]> Read(int count)
    {
        byte[] bytes = new byte[count];
        using CancellationTokenSource late = new(Eventually.Patience);
        await _stream.ReadExactlyAsync(bytes, late.Token);
        return bytes;
    }
}
