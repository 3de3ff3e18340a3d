using System.Globalization;
using Microsoft.Extensions.Options;

namespace Streams.Grains.MediaMtx;

/// <summary>The media servers that are configured; there is always one.</summary>
internal sealed class MediaNodes(IOptions<MediaOptions> options)
{
    /// <summary>The one that all streams use.</summary>
    public MediaNode Default { get; } = Read(options.Value, new ErrorList()) ?? throw new InvalidOperationException("The validator lets no wrong node pass.");

    /// <summary>Reads the node of the options; null when something is wrong with it.</summary>
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

    /// <summary>A host as it stands in a URL: an IPv6 address in brackets, with or without which it may be given; null for what is none.</summary>
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

    /// <summary>What is wrong with settings, by their names.</summary>
    internal sealed class ErrorList
    {
        public List<(string Setting, string Problem)> All { get; } = [];

        public void Add(string setting, string problem) => All.Add((setting, problem));
    }
}
