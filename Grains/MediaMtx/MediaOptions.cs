namespace Streams.Grains.MediaMtx;

/// <summary>The addresses of MediaMTX, and the credentials that Streams uses with it. Section <c>Streams:Media</c>.</summary>
public sealed class MediaOptions : ControlApiOptions
{
    /// <summary>Host name or address, as workers and Streams reach it, for the URLs that <see cref="ControlApiOptions.Nodes"/> does not set. Default <c>127.0.0.1</c>.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>RTSP port, from which workers read. Default 8554.</summary>
    public int RtspPort { get; set; } = 8554;

    /// <summary>RTMP port, to which workers publish. Default 1935.</summary>
    public int RtmpPort { get; set; } = 1935;

    /// <summary>Control API port. Default 9997.</summary>
    public int ApiPort { get; set; } = 9997;

    /// <summary>How MediaMTX authorizes publishers and readers; must equal its own <c>authMethod</c>. Default <see cref="MediaAuthMethod.Internal"/>.</summary>
    public MediaAuthMethod Auth { get; set; } = MediaAuthMethod.Internal;

    /// <summary>User name with which workers publish. Default <c>worker</c>.</summary>
    public string WorkerUser { get; set; } = "worker";

    /// <summary>Password with which workers publish, unless each run has its own key (<see cref="Auth"/>). Default <c>worker</c>, for development on one machine.</summary>
    public string WorkerPassword { get; set; } = "worker";

    /// <summary>
    /// Whether the connection of a publisher is ended at its media server when a newer one publishes the same stream at another. Default false: it is
    /// shown as a conflict, and left alone.
    /// </summary>
    public bool RemoveConflicts { get; set; }
}
