namespace Streams.Grains.MediaMtx;

/// <summary>The URLs of a media server, which may have different hosts. An item of <c>Streams:Media:Nodes</c>.</summary>
public sealed class MediaNodeOptions
{
    /// <summary>Its name, 1 to 64 of A-Z a-z 0-9 _ -. Default <c>default</c>.</summary>
    public string Name { get; set; } = "default";

    /// <summary>The Control API: <c>http</c> or <c>https</c>, host and port. Default: <see cref="MediaOptions.Host"/> and <see cref="MediaOptions.ApiPort"/>.</summary>
    public string ApiUrl { get; set; } = "";

    /// <summary>RTSP: <c>rtsp</c> or <c>rtsps</c>, host and port. Default: <see cref="MediaOptions.Host"/> and <see cref="MediaOptions.RtspPort"/>.</summary>
    public string RtspUrl { get; set; } = "";

    /// <summary>RTMP: <c>rtmp</c> or <c>rtmps</c>, host and port. Default: <see cref="MediaOptions.Host"/> and <see cref="MediaOptions.RtmpPort"/>.</summary>
    public string RtmpUrl { get; set; } = "";
}
