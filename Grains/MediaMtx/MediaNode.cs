namespace Streams.Grains.MediaMtx;

/// <summary>A media server: its name, and the URLs by which Streams and its workers reach it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Api">The Control API, for example <c>http://127.0.0.1:9997</c>.</param>
/// <param name="Rtsp">The RTSP server, from which workers read, for example <c>rtsp://127.0.0.1:8554</c>.</param>
/// <param name="Rtmp">The RTMP server, to which workers publish, for example <c>rtmp://127.0.0.1:1935</c>.</param>
internal sealed record MediaNode(string Name, Uri Api, Uri Rtsp, Uri Rtmp)
{
    /// <summary>User and password of its Control API.</summary>
    public required (string User, string Password) ApiCredentials { get; init; }

    /// <summary>User and password with which workers publish to it, unless each run has its own key.</summary>
    public required (string User, string Password) WorkerCredentials { get; init; }

    /// <summary>Where it is; empty for nowhere in particular.</summary>
    public string Zone { get; init; } = "";


    /// <summary>Scheme, host and port, without a trailing slash.</summary>
    public static string Base(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.StrongPort, UriFormat.UriEscaped);

    /// <summary>Host and port, as in a URL.</summary>
    public static string Authority(Uri url) => url.GetComponents(UriComponents.Host | UriComponents.StrongPort, UriFormat.UriEscaped);

    /// <summary>Without the credentials, should anybody print it.</summary>
    public override string ToString() => Name;
}
