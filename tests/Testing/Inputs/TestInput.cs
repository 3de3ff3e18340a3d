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

    private static readonly string[] Quiet = ["-hide_banner", "-nostdin", "-loglevel", "warning"];

    /// <summary>Publishes it.</summary>
    /// <param name="transport">By RTMP or RTSP.</param>
    /// <param name="url">Where to.</param>
    public ChildProgram Publish(InputTransport transport, string url) => ChildProgram.Start("ffmpeg",
        [.. Quiet, .. transport == InputTransport.Rtmp ? RtmpArguments ?? Arguments : Arguments, .. transport == InputTransport.Rtmp ? (string[])["-f", "flv"] : ["-rtsp_transport", "tcp", "-f", "rtsp"], url]);

    public override string ToString() => Name;
}
