using Microsoft.Extensions.Options;

namespace Streams;

/// <summary>The URLs that a worker is given.</summary>
internal sealed class MediaUrls(IOptionsMonitor<MediaOptions> options)
{
    private const string Hidden = "***";

    /// <summary>What the worker reads: RTSP, to be used over TCP.</summary>
    public string Input(StreamId id)
    {
        MediaOptions media = options.CurrentValue;
        return $"rtsp://{media.Host}:{media.RtspPort}/{new StreamPath(id, PathRole.Input)}";
    }

    /// <summary>What the worker writes: RTMP, with its credentials in the query, as MediaMTX takes them.</summary>
    public string Output(StreamId id)
    {
        MediaOptions media = options.CurrentValue;
        string query = $"user={Uri.EscapeDataString(media.WorkerUser)}&pass={Uri.EscapeDataString(media.WorkerPassword)}";
        return $"rtmp://{media.Host}:{media.RtmpPort}/{new StreamPath(id, PathRole.Output)}?{query}";
    }

    /// <summary>A worker's line without its password: ffmpeg prints the whole URL when it cannot open it.</summary>
    public string Redact(string line)
    {
        string password = Uri.EscapeDataString(options.CurrentValue.WorkerPassword);
        return line.Contains("pass=", StringComparison.Ordinal) && password.Length > 0
            ? line.Replace("pass=" + password, "pass=" + Hidden, StringComparison.Ordinal)
            : line;
    }
}
