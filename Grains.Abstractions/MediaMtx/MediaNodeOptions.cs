namespace Streams;

/// <summary>
/// One media server: its name, the URLs by which Streams and its workers reach it (which may have different hosts), and its credentials. An item of
/// <c>Streams:Media:Nodes</c>.
/// </summary>
public sealed class MediaNodeOptions
{
    /// <summary>
    /// Its name, 1 to 64 of A-Z a-z 0-9 _ -, unique: what its hooks report as <c>node</c> (the variable <c>STREAMS_NODE</c> of MediaMTX). Default <c>default</c>.
    /// </summary>
    public string Name { get; set; } = MediaNodeNames.Default;

    /// <summary>The Control API: <c>http</c> or <c>https</c>, host and port. Default, for one media server: <c>Streams:Media:Host</c> and <c>ApiPort</c>; required with several.</summary>
    public string ApiUrl { get; set; } = "";

    /// <summary>RTSP: <c>rtsp</c> or <c>rtsps</c>, host and port. Default, for one media server: <c>Streams:Media:Host</c> and <c>RtspPort</c>; required with several.</summary>
    public string RtspUrl { get; set; } = "";

    /// <summary>RTMP: <c>rtmp</c> or <c>rtmps</c>, host and port. Default, for one media server: <c>Streams:Media:Host</c> and <c>RtmpPort</c>; required with several.</summary>
    public string RtmpUrl { get; set; } = "";

    /// <summary>
    /// Its HLS server as browsers reach it, for the previews of its streams: <c>http</c> or <c>https</c>, host and port, without a path. Default empty: by
    /// <see cref="HlsPort"/>; for the first media server without that: what <c>Streams:Preview</c> says.
    /// </summary>
    public string HlsUrl { get; set; } = "";

    /// <summary>The port of its HLS server at the name by which the page was asked for, 1 to 65535. Default 0: not set.</summary>
    public int HlsPort { get; set; }

    /// <summary>User of its Control API. Default empty: <see cref="ControlApiOptions.ApiUser"/>.</summary>
    public string ApiUser { get; set; } = "";

    /// <summary>Password of its Control API. Default empty: <see cref="ControlApiOptions.ApiPassword"/>.</summary>
    public string ApiPassword { get; set; } = "";

    /// <summary>User name with which workers publish to it. Default empty: <c>Streams:Media:WorkerUser</c>.</summary>
    public string WorkerUser { get; set; } = "";

    /// <summary>Password with which workers publish to it. Default empty: <c>Streams:Media:WorkerPassword</c>.</summary>
    public string WorkerPassword { get; set; } = "";

    /// <summary>Where it is, in the operator's words; workers are placed near their media server. Default empty: nowhere in particular.</summary>
    public string Zone { get; set; } = "";
}
