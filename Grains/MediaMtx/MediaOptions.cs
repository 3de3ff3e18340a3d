namespace Streams.Grains.MediaMtx;

/// <summary>Where MediaMTX is, and who Streams is to it. Section <c>Streams:Media</c>.</summary>
public sealed class MediaOptions : ControlApiOptions
{
    /// <summary>The media servers; one today. Default: one with the URLs that <see cref="Host"/> and the ports make.</summary>
    public List<MediaNodeOptions> Nodes { get; set; } = [];

    /// <summary>Host name or address for the URLs that <see cref="Nodes"/> does not give, as workers and Streams reach it. Default <c>127.0.0.1</c>.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>RTSP port, from which workers read. Default 8554.</summary>
    public int RtspPort { get; set; } = 8554;

    /// <summary>RTMP port, to which workers write. Default 1935.</summary>
    public int RtmpPort { get; set; } = 1935;

    /// <summary>Control API port. Default 9997.</summary>
    public int ApiPort { get; set; } = 9997;

    /// <summary>How MediaMTX knows who may publish and read; the same as its own <c>authMethod</c>. Default <see cref="MediaAuthMethod.Internal"/>.</summary>
    public MediaAuthMethod Auth { get; set; } = MediaAuthMethod.Internal;

    /// <summary>User as whom workers publish. Default <c>worker</c>.</summary>
    public string WorkerUser { get; set; } = "worker";

    /// <summary>Password with which workers publish, unless each run has a key of its own (<see cref="Auth"/>). Default <c>worker</c>, for development on one machine.</summary>
    public string WorkerPassword { get; set; } = "worker";
}
