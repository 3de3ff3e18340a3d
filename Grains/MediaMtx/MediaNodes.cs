using System.Globalization;
using Microsoft.Extensions.Options;

namespace Streams.Grains.MediaMtx;

/// <summary>The configured media servers; today always one.</summary>
internal sealed class MediaNodes(IOptions<MediaOptions> options)
{
    /// <summary>The media server of all streams.</summary>
    public MediaNode Default { get; } = Read(options.Value, new ErrorList()) ?? throw new InvalidOperationException("The media node is invalid, although the options were validated.");

    /// <summary>Reads the node from the options; null when it is invalid, with the errors in <paramref name="errors"/>.</summary>
    public static MediaNode? Read(MediaOptions media, ErrorList errors)
    {
        string section = $"{MediaOptions.Section}:{nameof(media.Nodes)}";
        MediaNodeOptions node = media.Nodes.Count > 0 ? media.Nodes[0] : new MediaNodeOptions();
        if (media.Nodes.Count > 1)
        {
            errors.Add(section, "there may be one media server");
        }

        if (node.Name != IMediaNodeGrain.DefaultName)
        {
            errors.Add($"{section}:0:{nameof(node.Name)}", $"'{node.Name}' must be '{IMediaNodeGrain.DefaultName}' while there is one media server");
        }

        Uri? api = Url(node.ApiUrl, $"{section}:0:{nameof(node.ApiUrl)}", ["http", "https"], media.ApiPort, nameof(media.ApiPort));
        Uri? rtsp = Url(node.RtspUrl, $"{section}:0:{nameof(node.RtspUrl)}", ["rtsp", "rtsps"], media.RtspPort, nameof(media.RtspPort));
        Uri? rtmp = Url(node.RtmpUrl, $"{section}:0:{nameof(node.RtmpUrl)}", ["rtmp", "rtmps"], media.RtmpPort, nameof(media.RtmpPort));
        return api is null || rtsp is null || rtmp is null ? null : new MediaNode(node.Name, api, rtsp, rtmp);

        Uri? Url(string given, string setting, string[] schemes, int port, string portSetting)
        {
            if (given.Length > 0)
            {
                return Check(given, setting, schemes, errors);
            }

            if (port is < 1 or > 65535)
            {
                errors.Add($"{MediaOptions.Section}:{portSetting}", $"{port} is no port; it must be 1 to 65535");
                return null;
            }

            return HostInUrl(media.Host) is { } host
                ? Check(string.Create(CultureInfo.InvariantCulture, $"{schemes[0]}://{host}:{port}"), $"{MediaOptions.Section}:{nameof(media.Host)}", schemes, errors)
                : null;
        }
    }

    /// <summary>A host in the form that a URL needs, with brackets around an IPv6 address; null when it is not a host name or address.</summary>
    public static string? HostInUrl(string host)
    {
        string bare = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        return Uri.CheckHostName(bare) switch
        {
            UriHostNameType.IPv6 => $"[{bare}]",
            UriHostNameType.IPv4 or UriHostNameType.Dns when bare == host => host,
            _ => null,
        };
    }

    private static Uri? Check(string given, string setting, string[] schemes, ErrorList errors)
    {
        bool isUrl = Uri.TryCreate(given, UriKind.Absolute, out Uri? url)
            && schemes.Contains(url.Scheme)
            && url is { Host.Length: > 0, Port: > 0, UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0, AbsolutePath: "/" or "" }
            && HostInUrl(url.IdnHost.Trim('[', ']')) is not null;
        if (!isUrl)
        {
            errors.Add(setting, $"'{given}' is no URL of the form {schemes[0]}://HOST:PORT, an IPv6 address in brackets, without user and path");
            return null;
        }

        return url;
    }

    /// <summary>Configuration errors, by setting.</summary>
    internal sealed class ErrorList
    {
        public List<(string Setting, string Problem)> All { get; } = [];

        public void Add(string setting, string problem) => All.Add((setting, problem));
    }
}
