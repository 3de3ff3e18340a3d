using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Streams.Grains.MediaMtx;

/// <summary>The configured media servers; at least one.</summary>
internal sealed class MediaNodes(IOptions<MediaOptions> options)
{
    /// <summary>All of them, in the order of the configuration.</summary>
    public ImmutableArray<MediaNode> All { get; } = Read(options.Value, new ErrorList()) is { IsEmpty: false } nodes
        ? nodes
        : throw new InvalidOperationException("The media nodes are invalid, although the options were validated.");

    /// <summary>The first, to which also belongs what was saved before there could be several, and what was saved of one that is configured no more.</summary>
    public MediaNode First => All[0];

    /// <summary>The media server of a name; the first for one that is null or unknown.</summary>
    public MediaNode Find(string? name) => TryFind(name) ?? First;

    /// <summary>The media server of a name; null when none is called so.</summary>
    public MediaNode? TryFind(string? name) => All.FirstOrDefault(node => node.Name == name);

    /// <summary>Reads the nodes from the options; empty when one is invalid, with the errors in <paramref name="errors"/>.</summary>
    public static ImmutableArray<MediaNode> Read(MediaOptions media, ErrorList errors)
    {
        foreach ((string setting, string problem) in MediaNodeNames.FindErrors(media))
        {
            errors.Add(setting, problem);
        }

        MediaNodeOptions[] given = media.Nodes.Count > 0 ? [.. media.Nodes] : [new MediaNodeOptions()];
        MediaNode?[] nodes = [.. given.Select((node, index) => Read(media, node, index, errors))];
        return nodes.Contains(null) ? [] : [.. nodes.OfType<MediaNode>()];
    }

    private static MediaNode? Read(MediaOptions media, MediaNodeOptions node, int index, ErrorList errors)
    {
        string section = string.Create(CultureInfo.InvariantCulture, $"{MediaOptions.Section}:{nameof(media.Nodes)}:{index}");
        Uri? api = Url(node.ApiUrl, nameof(node.ApiUrl), ["http", "https"], media.ApiPort, nameof(media.ApiPort));
        Uri? rtsp = Url(node.RtspUrl, nameof(node.RtspUrl), ["rtsp", "rtsps"], media.RtspPort, nameof(media.RtspPort));
        Uri? rtmp = Url(node.RtmpUrl, nameof(node.RtmpUrl), ["rtmp", "rtmps"], media.RtmpPort, nameof(media.RtmpPort));
        return api is null || rtsp is null || rtmp is null
            ? null
            : new MediaNode(node.Name, api, rtsp, rtmp)
            {
                ApiCredentials = (Or(node.ApiUser, media.ApiUser), Or(node.ApiPassword, media.ApiPassword)),
                WorkerCredentials = (Or(node.WorkerUser, media.WorkerUser), Or(node.WorkerPassword, media.WorkerPassword)),
                Zone = node.Zone,
            };

        Uri? Url(string given, string setting, string[] schemes, int port, string portSetting)
        {
            if (given.Length > 0)
            {
                return Check(given, $"{section}:{setting}", schemes, errors);
            }

            if (media.Nodes.Count > 1)
            {
                errors.Add($"{section}:{setting}", $"it is missing: with several media servers each needs its own, of the form {schemes[0]}://HOST:PORT");
                return null;
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
            errors.Add(setting, $"'{WithoutUser(given)}' is no URL of the form {schemes[0]}://HOST:PORT, an IPv6 address in brackets, without user and path");
            return null;
        }

        return url;
    }

    /// <summary>What stands before an at sign may be a password.</summary>
    private static string WithoutUser(string given) => given[(given.LastIndexOf('@') + 1)..] is var rest && rest.Length < given.Length ? $"...@{rest}" : given;

    private static string Or(string own, string otherwise) => own.Length > 0 ? own : otherwise;

    /// <summary>Configuration errors, by setting.</summary>
    internal sealed class ErrorList
    {
        public List<(string Setting, string Problem)> All { get; } = [];

        public void Add(string setting, string problem) => All.Add((setting, problem));
    }
}
