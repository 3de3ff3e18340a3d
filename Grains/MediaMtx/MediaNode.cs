namespace Streams.Grains.MediaMtx;

/// <summary>A media server: its name, and the URLs by which Streams and its workers reach it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Api">The Control API, for example <c>http://127.0.0.1:9997</c>.</param>
/// <param name="Rtsp">The RTSP server, from which workers read, for example <c>rtsp://127.0.0.1:8554</c>.</param>
/// <param name="Rtmp">The RTMP server, to which workers publish, for example <c>rtmp://127.0.0.1:1935</c>.</param>
internal sealed record MediaNode(string Name, Uri Api, Uri Rtsp, Uri Rtmp)
{
    /// <summary>Scheme, host and port, without a trailing slash.</summary>
    public static string Base(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.StrongPort, UriFormat.UriEscaped);

    /// <summary>Host and port, as in a URL.</summary>
    public static string Authority(Uri url) => url.GetComponents(UriComponents.Host | UriComponents.StrongPort, UriFormat.UriEscaped);
}
