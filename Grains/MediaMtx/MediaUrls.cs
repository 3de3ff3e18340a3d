using Microsoft.Extensions.Options;

namespace Streams;

/// <summary>The URLs that a worker is given.</summary>
internal sealed class MediaUrls(IOptions<MediaOptions> options)
{
    /// <summary>Stands where a secret stood.</summary>
    public const string Hidden = "***";

    /// <summary>What the worker reads: RTSP, to be used over TCP; with the run's key where MediaMTX asks Streams, since reading may be closed.</summary>
    public string Input(StreamId id, RunKey key)
    {
        MediaOptions media = options.Value;
        string user = media.Auth == MediaAuthMethod.Http ? $"{Uri.EscapeDataString(media.WorkerUser)}:{key.Value}@" : "";
        return $"rtsp://{user}{media.Host}:{media.RtspPort}/{new StreamPath(id, PathRole.Input)}";
    }

    /// <summary>What the worker writes: RTMP, with its credentials in the query, as MediaMTX takes them.</summary>
    public string Output(StreamId id, RunKey key)
    {
        MediaOptions media = options.Value;
        string password = media.Auth == MediaAuthMethod.Http ? key.Value : media.WorkerPassword;
        string query = $"user={Uri.EscapeDataString(media.WorkerUser)}&pass={Uri.EscapeDataString(password)}";
        return $"rtmp://{media.Host}:{media.RtmpPort}/{new StreamPath(id, PathRole.Output)}?{query}";
    }

    /// <summary>A worker's line without its secrets: ffmpeg prints the whole URL when it cannot open it.</summary>
    public string Redact(string line, RunKey key)
    {
        string safe = line.Replace(key.Value, Hidden, StringComparison.OrdinalIgnoreCase);
        string password = Uri.EscapeDataString(options.Value.WorkerPassword);
        return safe.Contains("pass=", StringComparison.Ordinal) && password.Length > 0
            ? safe.Replace("pass=" + password, "pass=" + Hidden, StringComparison.Ordinal)
            : safe;
    }
}
