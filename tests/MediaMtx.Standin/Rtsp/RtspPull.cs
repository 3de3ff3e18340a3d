using System.Globalization;
using System.Text;
using MediaMtx.Standin.Net;

namespace MediaMtx.Standin.Rtsp;

/// <summary>The client's side of one RTSP session over TCP: DESCRIBE, SETUP of every media, PLAY, and then its packets.</summary>
internal sealed class RtspPull(Connection connection, Uri url)
{
    private static readonly TimeSpan KeepAlivePeriod = TimeSpan.FromSeconds(20);
    private readonly RtspInput _input = new(connection);
    private readonly string _url = $"{url.Scheme}://{url.Authority}{url.PathAndQuery}";
    private int _sequence;
    private string _session = "";

    /// <summary>Sets the session up.</summary>
    /// <exception cref="InvalidDataException">The server refused something; the message has its status.</exception>
    public async Task<IReadOnlyList<AnnouncedMedia>> SetUp()
    {
        RtspReply description = await Ask("DESCRIBE", _url, "Accept: application/sdp\r\n");
        string given = description.Header("Content-Base");
        string root = (given.Length > 0 ? given : _url).TrimEnd('/');
        IReadOnlyList<AnnouncedMedia> medias = SdpReader.Read(description.Body);
        for (int i = 0; i < medias.Count; i++)
        {
            string control = medias[i].Control;
            string target = control.Contains("://", StringComparison.Ordinal) ? control : control.Length == 0 ? root : $"{root}/{control}";
            RtspReply reply = await Ask("SETUP", target, $"Transport: RTP/AVP/TCP;unicast;interleaved={2 * i}-{(2 * i) + 1}\r\n");
            _session = reply.Header("Session").Split(';')[0];
        }

        return medias;
    }

    /// <summary>Plays until either side ends it.</summary>
    /// <param name="take">Takes an RTP packet of a media; one that cannot be read is forgotten.</param>
    /// <param name="clock">For what keeps the session alive.</param>
    /// <param name="stop">Ends it.</param>
    public async Task Play(Action<int, byte[]> take, TimeProvider clock, CancellationToken stop)
    {
        await Ask("PLAY", _url, "Range: npt=0-\r\n");
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task keepingAlive = KeepAlive(clock, ended.Token);
        try
        {
            while (true)
            {
                if (await _input.Read() is InterleavedPacket packet && packet.Channel % 2 == 0)
                {
                    Take(take, packet);
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
            await keepingAlive;
        }
    }

    private static void Take(Action<int, byte[]> take, InterleavedPacket packet)
    {
        try
        {
            take(packet.Channel / 2, packet.Bytes);
        }
        catch (Exception error) when (error is InvalidDataException or IndexOutOfRangeException)
        {
            // As with a publisher: a packet that cannot be read is lost, the stream goes on.
        }
    }

    private async Task KeepAlive(TimeProvider clock, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(KeepAlivePeriod, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stop.IsCancellationRequested)
            {
                await Send("OPTIONS", _url, "").AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async ValueTask<RtspReply> Ask(string method, string target, string headers)
    {
        await Send(method, target, headers);
        while (true)
        {
            if (await _input.Read() is RtspReply reply)
            {
                return reply.Status == 200 ? reply : throw new InvalidDataException($"bad status code: {reply.Status} ({reply.Reason})");
            }
        }
    }

    private ValueTask Send(string method, string target, string headers)
    {
        StringBuilder request = new();
        request.Append(CultureInfo.InvariantCulture, $"{method} {target} RTSP/1.0\r\nCSeq: {++_sequence}\r\nUser-Agent: mediamtx-standin\r\n");
        if (_session.Length > 0)
        {
            request.Append(CultureInfo.InvariantCulture, $"Session: {_session}\r\n");
        }

        if (url.UserInfo.Length > 0)
        {
            string credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo)));
            request.Append(CultureInfo.InvariantCulture, $"Authorization: Basic {credentials}\r\n");
        }

        return connection.Send(Encoding.UTF8.GetBytes(request.Append(headers).Append("\r\n").ToString()));
    }
}
