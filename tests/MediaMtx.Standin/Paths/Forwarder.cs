using System.Net;
using MediaMtx.Standin.Auth;
using MediaMtx.Standin.Logging;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Paths;

/// <summary>
/// Publishes a path's stream to another path of this server, and again 5 s after it ended or was refused, as MediaMTX does: also after another publisher has taken
/// the destination over. MediaMTX connects to any server; the stand-in only to itself, without a connection.
/// </summary>
internal sealed class Forwarder(string path, string destination, MediaStream stream, PathManager paths, ServerLog log, TimeProvider clock) : IDisposable
{
    private const int QueueSize = 512;
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Where to.</summary>
    public string Destination => destination;

    public void Start() => _ = Task.Run(Run);

    /// <summary>Ends it soon; it returns at once.</summary>
    public void Terminate() => _ = _stop.CancelAsync();

    public void Dispose() => _stop.Dispose();

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            string reason = await Publish();
            if (!_stop.IsCancellationRequested)
            {
                log.Error($"[path {path}] [forwarder] {reason}");
                await Task.Delay(RetryPause, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        Dispose();
    }

    private async Task<string> Publish()
    {
        Uri url = new(destination);
        string name = url.AbsolutePath.Trim('/');
        string[] credentials = [.. url.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString), ""];
        AccessRequest wanted = new("publish", name, credentials[0], credentials[1], IPAddress.Loopback) { Protocol = "rtsp", Id = Guid.NewGuid(), UserAgent = "gortsplib" };
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        ForwardedSession session = new(log, ended);
        try
        {
            if (await paths.Authorize(wanted, ended.Token) is not { Match: { } match } answer)
            {
                return "bad status code: 401 (Unauthorized)";
            }

            (MediaInput? input, string error) = paths.Publish(name, match, session, "", stream.Tracks);
            if (input is null)
            {
                return error;
            }

            await Copy(input, ended.Token);
            return "EOF";
        }
        catch (OperationCanceledException)
        {
            return "EOF";
        }
        finally
        {
            paths.Unpublish(name, session);
        }
    }

    private async Task Copy(MediaInput input, CancellationToken stop)
    {
        FrameQueue queue = new(QueueSize, wantsFlv: false);
        stream.Add(queue);
        try
        {
            double? zero = stream.Tracks.Any(static track => track is H264Track) ? null : 0;
            await foreach (Frame frame in queue.Frames.ReadAllAsync(stop))
            {
                Track track = stream.Tracks[frame.Track];
                zero ??= track is H264Track && frame.IsKey ? (double)frame.Dts / track.ClockRate : null;
                if (zero is { } begin)
                {
                    Write(input, track, frame, (long)(begin * track.ClockRate));
                }
            }
        }
        finally
        {
            stream.Remove(queue);
        }
    }

    private static void Write(MediaInput input, Track track, Frame frame, long zero)
    {
        switch (track)
        {
            case H264Track:
                input.WriteVideo(frame.Track, frame.Pts - zero, frame.Dts - zero, frame.Units);
                break;
            case AacTrack:
                input.WriteAudio(frame.Track, frame.Pts - zero, frame.Units[0]);
                break;
            default:
                input.WritePayload(frame.Track, frame.Pts - zero, frame.Units[0], marker: true);
                break;
        }
    }

    /// <summary>The publisher that the destination sees.</summary>
    private sealed class ForwardedSession(ServerLog log, CancellationTokenSource ended) : IPathUser
    {
        private readonly Guid _id = Guid.NewGuid();

        public string Kind => "rtspSession";

        public string Id => _id.ToString();

        public void Terminate() => _ = ended.CancelAsync();

        public void Log(string message) => log.Info($"[RTSP] [session {_id.ToString()[..8]}] {message}");
    }
}
