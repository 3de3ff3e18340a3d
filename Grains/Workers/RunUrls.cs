using Microsoft.Extensions.Options;
using Streams.Grains.MediaMtx;

namespace Streams.Grains.Workers;

/// <summary>The URLs that the worker of a run is given, with its key: those of the media server that its source publishes to.</summary>
internal sealed class RunUrls(IOptions<MediaOptions> options, MediaNodes nodes)
{
    /// <summary>Stands where a secret stood.</summary>
    public const string Hidden = "***";

    /// <summary>What the worker reads: RTSP, to be used over TCP; with the run's key where MediaMTX asks Streams, since reading may be closed.</summary>
    public string Input(WorkerRun run, RunKey key)
    {
        MediaNode node = NodeOf(run);
        return Rtsp(node, options.Value.Auth == MediaAuthMethod.Http ? $"{Uri.EscapeDataString(node.WorkerCredentials.User)}:{key.Value}@" : "", new StreamPath(run.StreamId, PathRole.Input).ToString());
    }

    /// <summary>What the worker writes, a standby to its own path: RTMP, with its credentials in the query, as MediaMTX takes them.</summary>
    public string Output(WorkerRun run, RunKey key)
    {
        MediaNode node = NodeOf(run);
        string query = $"user={Uri.EscapeDataString(node.WorkerCredentials.User)}&pass={Uri.EscapeDataString(PasswordOf(node, key))}";
        return $"{MediaNode.Base(node.Rtmp)}/{OutputPath(run)}?{query}";
    }

    /// <summary>The same output by RTSP, to be used over TCP: for what RTMP cannot carry.</summary>
    public string OutputRtsp(WorkerRun run, RunKey key)
    {
        MediaNode node = NodeOf(run);
        return Rtsp(node, $"{Uri.EscapeDataString(node.WorkerCredentials.User)}:{Uri.EscapeDataString(PasswordOf(node, key))}@", OutputPath(run));
    }

    /// <summary>Where the media server publishes what a standby publishes to its own path, once that steps in: the output, at itself.</summary>
    public string Forwarded(WorkerRun run, RunKey key)
    {
        MediaNode node = NodeOf(run);
        return Rtsp(node, $"{Uri.EscapeDataString(node.WorkerCredentials.User)}:{Uri.EscapeDataString(PasswordOf(node, key))}@", new StreamPath(run.StreamId, PathRole.Output).ToString());
    }

    /// <summary>What in the URLs of any media server is secret, and what is shown instead: ffmpeg prints a whole URL when it cannot open it.</summary>
    public IEnumerable<(string Secret, string Shown)> Secrets(RunKey key)
    {
        yield return (key.Value, Hidden);
        foreach (string password in nodes.All.Select(static node => Uri.EscapeDataString(node.WorkerCredentials.Password)).Where(static password => password.Length > 0).Distinct())
        {
            yield return ($"pass={password}", $"pass={Hidden}");
            yield return ($":{password}@", $":{Hidden}@");
        }
    }

    private static string OutputPath(WorkerRun run) => run.IsAside ? new SidePath(run.StreamId, run.Generation).ToString() : new StreamPath(run.StreamId, PathRole.Output).ToString();

    private MediaNode NodeOf(WorkerRun run) => nodes.Find(run.Source.Node);

    private static string Rtsp(MediaNode node, string user, string path) => $"{node.Rtsp.Scheme}://{user}{MediaNode.Authority(node.Rtsp)}/{path}";

    private string PasswordOf(MediaNode node, RunKey key) => options.Value.Auth == MediaAuthMethod.Http ? key.Value : node.WorkerCredentials.Password;
}
