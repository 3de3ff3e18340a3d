namespace Streams.Testing;

/// <summary>How an input reaches the media server.</summary>
public enum InputTransport
{
    /// <summary>Published by RTMP.</summary>
    Rtmp,

    /// <summary>Published by RTSP over TCP.</summary>
    Rtsp,

    /// <summary>Pulled by the media server from another RTSP path, as it does with a camera.</summary>
    Pulled,
}

/// <summary>A publisher of test pictures and sound.</summary>
/// <param name="Name">What it sends, in words.</param>
/// <param name="Arguments">What ffmpeg is told but for the target.</param>
/// <param name="Tracks">The codecs that MediaMTX shows of it, pictures first.</param>
public sealed record TestInput(string Name, IReadOnlyList<string> Arguments, params IReadOnlyList<string> Tracks)
{
    /// <summary>The arguments where RTMP wants others; null where it does not.</summary>
    public IReadOnlyList<string>? RtmpArguments { get; init; }

    /// <summary>The same for GStreamer's gst-launch-1.0, with <c>{url}</c> for the target, by the transport that it publishes by; empty where ffmpeg is enough.</summary>
    public IReadOnlyDictionary<InputTransport, string> GStreamer { get; init; } = new Dictionary<InputTransport, string>();

    /// <summary>When nothing that is special about it is still to come: a track that stops, for example.</summary>
    public TimeSpan SettlesAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a key frame comes.</summary>
    public TimeSpan KeyFrameEvery { get; init; } = TimeSpan.FromSeconds(1);

    private static readonly string[] Quiet = ["-hide_banner", "-nostdin", "-loglevel", "warning"];

    /// <summary>Publishes it with ffmpeg.</summary>
    /// <param name="transport">By RTMP or RTSP.</param>
    /// <param name="url">Where to.</param>
    public ChildProgram Publish(InputTransport transport, string url) => ChildProgram.Start("ffmpeg",
        [.. Quiet, .. transport == InputTransport.Rtmp ? RtmpArguments ?? Arguments : Arguments, .. transport == InputTransport.Rtmp ? (string[])["-f", "flv"] : ["-rtsp_transport", "tcp", "-f", "rtsp"], url]);

    /// <summary>Publishes it with GStreamer; null when it has no pipeline for that, or this machine no GStreamer.</summary>
    public ChildProgram? PublishByGStreamer(InputTransport transport, string url) =>
        GStreamer.TryGetValue(transport, out string? pipeline) && ChildProgram.Find("gst-launch-1.0") is { } launch
            ? ChildProgram.Start(launch, ["-q", .. pipeline.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Replace("{url}", url, StringComparison.Ordinal))])
            : null;

    public override string ToString() => Name;
}
