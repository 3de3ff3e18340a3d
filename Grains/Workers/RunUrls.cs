using Microsoft.Extensions.Options;
using Streams.Grains.MediaMtx;

namespace Streams.Grains.Workers;

/// <summary>The URLs that the worker of a run is given, with its key.</summary>
internal sealed class RunUrls(IOptions<MediaOptions> options, MediaNodes nodes)
{
    /// <summary>Stands where a secret stood.</summary>
    public const string Hidden = "***";

    /// <summary>What the worker reads: RTSP, to be used over TCP; with the run's key where MediaMTX asks Streams, since reading may be closed.</summary>
    public string Input(StreamId id, RunKey key)
    {
        MediaOptions media = options.Value;
        string user = media.Auth == MediaAuthMethod.Http ? $"{Uri.EscapeDataString(media.WorkerUser)}:{key.Value}@" : "";
        return Rtsp(user, new StreamPath(id, PathRole.Input));
    }

    /// <summary>What the worker writes: RTMP, with its credentials in the query, as MediaMTX takes them.</summary>
    public string Output(StreamId id, RunKey key)
    {
        MediaOptions media = options.Value;
        string query = $"user={Uri.EscapeDataString(media.WorkerUser)}&pass={Uri.EscapeDataString(PasswordOf(key))}";
        return $"{MediaNode.Base(nodes.Default.Rtmp)}/{new StreamPath(id, PathRole.Output)}?{query}";
    }

    /// <summary>The same output by RTSP, to be used over TCP: for what RTMP cannot carry.</summary>
    public string OutputRtsp(StreamId id, RunKey key)
    {
        MediaOptions media = options.Value;
        return Rtsp($"{Uri.EscapeDataString(media.WorkerUser)}:{Uri.EscapeDataString(PasswordOf(key))}@", new StreamPath(id, PathRole.Output));
    }

    /// <summary>What in these URLs is secret, and what is shown instead: ffmpeg prints a whole URL when it cannot open it.</summary>
    public IEnumerable<(string Secret, string Shown)> Secrets(RunKey key)
    {
        string password = Uri.EscapeDataString(options.Value.WorkerPassword);
        yield return (key.Value, Hidden);
        if (password.Length > 0)
        {
            yield return ($"pass={password}", $"pass={Hidden}");
            yield return ($":{password}@", $":{Hidden}@");
        }
    }

    private string Rtsp(string user, StreamPath path) => $"{nodes.Default.Rtsp.Scheme}://{user}{MediaNode.Authority(nodes.Default.Rtsp)}/{path}";

    private string PasswordOf(RunKey key) => options.Value.Auth == MediaAuthMethod.Http ? key.Value : options.Value.WorkerPassword;
}
