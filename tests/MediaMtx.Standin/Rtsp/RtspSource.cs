using System.Net.Sockets;
using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Logging;
using MediaMtx.Standin.Media;
using MediaMtx.Standin.Net;
using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin.Rtsp;

/// <summary>Pulls a stream for a path, and again 5 s after it ended or could not be had, as MediaMTX does.</summary>
internal sealed class RtspSource(string path, Uri url, ISourceOwner owner, ServerConfig config, ServerLog log, TimeProvider clock) : IPathUser, IDisposable
{
    private const int DefaultPort = 554;
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _stop = new();

    public string Kind => "rtspSource";

    public string Id => "";

    public void Start() => _ = Task.Run(Run);

    public void Terminate() => _ = _stop.CancelAsync();

    public void Log(string message) => log.Info($"[path {path}] [RTSP source] {message}");

    public void Dispose() => _stop.Dispose();

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            string reason = await Pull();
            if (!_stop.IsCancellationRequested)
            {
                log.Error($"[path {path}] [RTSP source] {reason}");
                await Task.Delay(RetryPause, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        Dispose();
    }

    private async Task<string> Pull()
    {
        int port = url.Port > 0 ? url.Port : DefaultPort;
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(url.Host, port, _stop.Token);
        }
        catch (SocketException error)
        {
            string reason = error.SocketErrorCode == SocketError.ConnectionRefused ? "connect: connection refused" : error.Message;
            return $"dial tcp {url.Host}:{port}: {reason}";
        }
        catch (OperationCanceledException)
        {
            return "terminated";
        }

        using Connection connection = new(socket, config.ReadTimeout, config.WriteTimeout);
        await using CancellationTokenRegistration ending = _stop.Token.Register(connection.Terminate);
        try
        {
            return await Play(new RtspPull(connection, url));
        }
        catch (Exception error) when (EndReason.IsExpected(error) || error is FormatException)
        {
            return EndReason.Of(error);
        }
    }

    private async Task<string> Play(RtspPull pull)
    {
        IReadOnlyList<AnnouncedMedia> medias = await pull.SetUp();
        (MediaInput? input, string error) = owner.SourceReady(path, this, [.. medias.Select(media => media.Track)]);
        if (input is null)
        {
            return error;
        }

        try
        {
            long first = 0;
            RtspIngest[] ingests = [.. medias.Select(media => new RtspIngest(input, media, Elapsed))];
            await pull.Play((channel, packet) => ingests[channel].Take(packet), clock, _stop.Token);
            return "EOF";

            TimeSpan Elapsed()
            {
                first = first == 0 ? clock.GetTimestamp() : first;
                return clock.GetElapsedTime(first);
            }
        }
        finally
        {
            owner.SourceNotReady(path, this);
        }
    }
}
