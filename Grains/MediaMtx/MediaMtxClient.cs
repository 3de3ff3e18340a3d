using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Streams.Grains.MediaMtx;

/// <summary>Client of the Control API of one MediaMTX. It does not trust responses: size and time are limited, and inconsistent ones are rejected.</summary>
internal sealed class MediaMtxClient(HttpClient http, MediaNode node)
{
    /// <summary>Timeout of one query, all pages together.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>The largest response accepted, in bytes.</summary>
    public const int MaxResponseBytes = 16 * 1024 * 1024;

    /// <summary>Maximum concurrent Control API requests. After a restart every source is queried; neither side needs that many connections.</summary>
    public const int MaxConnections = 8;

    /// <summary>The Control API's endpoints for connections, by source type.</summary>
    private static readonly FrozenDictionary<string, (string Old, string New)> Connections = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["rtmpConn"] = ("rtmpconns", "rtmp/conns"),
        ["rtmpsConn"] = ("rtmpsconns", "rtmps/conns"),
        ["rtspSession"] = ("rtspsessions", "rtsp/sessions"),
        ["rtspsSession"] = ("rtspssessions", "rtsps/sessions"),
        ["srtConn"] = ("srtconns", "srt/conns"),
        ["webRTCSession"] = ("webrtcsessions", "webrtc/sessions"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The longest publisher address with port, in characters; IPv6 with a zone fits.</summary>
    private const int MaxAddressLength = 128;

    private const int DefaultRtspPort = 554;
    private const int ItemsPerPage = 1000;
    private const int MaxPages = 100;

    /// <summary>Lists all live paths of streams.</summary>
    /// <exception cref="MediaMtxException">MediaMTX could not be queried, or its response is invalid; the message says what to do.</exception>
    public async Task<ImmutableArray<(StreamPath Path, PathView View)>> ListLivePaths(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            return await ListAllPages(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MediaMtxException($"MediaMTX's Control API at {Address} did not answer within {Timeout.TotalSeconds:0} s.");
        }
        catch (HttpRequestException failure)
        {
            throw new MediaMtxException($"MediaMTX's Control API at {Address} cannot be reached: {failure.Message}", failure);
        }
        catch (JsonException failure)
        {
            throw new MediaMtxException($"MediaMTX's Control API at {Address} sent an invalid list of paths: {failure.Message}", failure);
        }
    }

    /// <summary>Timeout of a query for one path; a worker's start waits for it.</summary>
    private static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Whether MediaMTX accepts RTSP connections, as workers need. Never throws.</summary>
    public async Task<bool> AcceptsConnections(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LookupTimeout);
        Uri rtsp = node.Rtsp;
        try
        {
            using TcpClient probe = new();
            await probe.ConnectAsync(rtsp.IdnHost.Trim('[', ']'), rtsp.Port > 0 ? rtsp.Port : DefaultRtspPort, limit.Token);
            return true;
        }
        catch (Exception refused) when (refused is SocketException or OperationCanceledException)
        {
            return MachineIsShort(refused); // Without a handle for the probe, assume that it does.
        }

        static bool MachineIsShort(Exception failure) => failure is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable };
    }

    /// <summary>Queries one path. Never throws: the result is unknown when MediaMTX cannot be queried.</summary>
    public Task<PathLookup> FindPath(StreamPath path, CancellationToken cancellationToken) => FindPath(path.ToString(), cancellationToken);

    /// <summary>The same for the path of one run.</summary>
    public Task<PathLookup> FindPath(SidePath path, CancellationToken cancellationToken) => FindPath(path.ToString(), cancellationToken);

    private async Task<PathLookup> FindPath(string path, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LookupTimeout);
        try
        {
            using HttpResponseMessage response = await Send($"/v3/paths/get/{path}", limit.Token);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return PathLookup.NotLive;
            }

            if (!response.IsSuccessStatusCode)
            {
                return PathLookup.Unknown;
            }

            MediaMtxPath? shown = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(limit.Token), MediaMtxJson.Default.MediaMtxPath);
            return shown is null || shown.Name != path ? PathLookup.Unknown
                : ToView(shown) is { } live ? new PathLookup(true, live) { Tracks = [.. shown.Tracks2?.Select(ToTrack) ?? []] }
                : PathLookup.NotLive;
        }
        catch (Exception silent) when (silent is HttpRequestException or JsonException or OperationCanceledException)
        {
            return PathLookup.Unknown;
        }
    }

    /// <summary>Queries MediaMTX's version; null when it reports none, which is no reason to reject its list.</summary>
    public async Task<string?> FindVersion(CancellationToken cancellationToken)
    {
        string? version = await GetVersion(cancellationToken);
        _isVersionKnown = version is not null;
        _hasRenamedConnections = MediaMtxVersion.TryParse(version, out MediaMtxVersion known) && known >= MediaMtxVersion.RenamedConnections;
        return version;
    }

    private async Task<string?> GetVersion(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            return JsonSerializer.Deserialize(await Get("/v3/info", limit.Token), MediaMtxJson.Default.MediaMtxInfo)?.Version;
        }
        catch (Exception silent) when (silent is MediaMtxException or HttpRequestException or JsonException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Ends the connection of a publisher. Never fails: one that is gone, or cannot be ended, is overridden by the next publisher.</summary>
    public async Task Kick(LiveSource source, CancellationToken cancellationToken)
    {
        if (!Connections.TryGetValue(source.Type, out (string Old, string New) connections))
        {
            return;
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LookupTimeout);
        try
        {
            if (!_isVersionKnown)
            {
                await FindVersion(limit.Token); // Another silo watches this media server.
            }

            using HttpResponseMessage _ = await Send($"/v3/{(_hasRenamedConnections ? connections.New : connections.Old)}/kick/{Uri.EscapeDataString(source.Id)}", limit.Token, HttpMethod.Post);
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
        {
            // The next publisher takes the path over.
        }
    }

    /// <summary>Queries the connection of a publisher: its query without credentials, and its address. Null when MediaMTX does not list it.</summary>
    public async Task<PublisherConnection?> FindConnection(LiveSource source, CancellationToken cancellationToken)
    {
        if (!Connections.TryGetValue(source.Type, out (string Old, string New) connections))
        {
            return null;
        }

        try
        {
            byte[] body = await Get($"/v3/{(_hasRenamedConnections ? connections.New : connections.Old)}/get/{Uri.EscapeDataString(source.Id)}", cancellationToken);
            return JsonSerializer.Deserialize(body, MediaMtxJson.Default.MediaMtxConnection) is { } connection
                ? new PublisherConnection(QueryCredentials.Strip(PublisherQueries.Fit(connection.Query ?? "")), connection.RemoteAddr is { Length: > 0 and <= MaxAddressLength } address ? address : null)
                : null;
        }
        catch (Exception silent) when (silent is MediaMtxException or HttpRequestException or JsonException or OperationCanceledException)
        {
            return null;
        }
    }

    private volatile bool _hasRenamedConnections;
    private volatile bool _isVersionKnown;

    /// <summary>The Control API's host and port, for messages.</summary>
    public string Address => MediaNode.Authority(node.Api);

    private async Task<ImmutableArray<(StreamPath Path, PathView View)>> ListAllPages(CancellationToken cancellationToken)
    {
        Dictionary<StreamPath, PathView> live = [];
        int seen = 0;
        for (int page = 0; page < MaxPages; page++)
        {
            MediaMtxPathPage answer = await GetPage(page, cancellationToken);
            IReadOnlyList<MediaMtxPath> items = answer.Items ?? throw new JsonException("it has no items");
            seen += items.Count;
            foreach (MediaMtxPath item in items)
            {
                if (StreamPath.TryParse(item.Name, out StreamPath path) && ToView(item) is { } view)
                {
                    live[path] = view;
                }
            }

            if (page + 1 >= answer.PageCount)
            {
                return seen >= answer.ItemCount
                    ? [.. live.Select(static pair => (pair.Key, pair.Value))]
                    : throw new JsonException($"it counts {answer.ItemCount} paths but lists {seen}");
            }
        }

        throw new JsonException($"it has more than {MaxPages} pages");
    }

    private async Task<MediaMtxPathPage> GetPage(int page, CancellationToken cancellationToken)
    {
        byte[] body = await Get(string.Create(CultureInfo.InvariantCulture, $"/v3/paths/list?itemsPerPage={ItemsPerPage}&page={page}"), cancellationToken);
        return JsonSerializer.Deserialize(body, MediaMtxJson.Default.MediaMtxPathPage) ?? throw new JsonException("it is null");
    }

    /// <summary>Sends a request, a GET by default.</summary>
    public async Task<HttpResponseMessage> Send(string path, CancellationToken cancellationToken, HttpMethod? method = null, HttpContent? body = null)
    {
        using HttpRequestMessage request = new(method ?? HttpMethod.Get, new Uri(MediaNode.Base(node.Api) + path)) { Content = body };
        string credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{node.ApiCredentials.User}:{node.ApiCredentials.Password}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        return await http.SendAsync(request, cancellationToken);
    }

    private async Task<byte[]> Get(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await Send(path, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            string remedy = response.StatusCode == HttpStatusCode.Unauthorized ? $" Check {MediaOptions.Section}:ApiUser and ApiPassword." : "";
            throw new MediaMtxException($"MediaMTX's Control API at {Address} answered {(int)response.StatusCode}.{remedy}");
        }

        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private static TrackDetails ToTrack(MediaMtxTrack track) => new(track.Codec ?? "")
    {
        Width = track.Number("width"),
        Height = track.Number("height"),
        Profile = track.Text("profile"),
        SampleRate = track.Number("sampleRate"),
        Channels = track.Number("channelCount"),
    };

    private PathView? ToView(MediaMtxPath item)
    {
        // An always-available path is available without a publisher; "online" shows whether it has one. A pulled source stays online (v1.20.1) after
        // its connection is lost; "available" shows that.
        bool isLive = (item.Available || item.Ready) && item.Online != false;
        if (!isLive || item.Source is not { Id: { } id, Type: { Length: > 0 } type })
        {
            return null;
        }

        DateTimeOffset? since = item.OnlineTime ?? item.AvailableTime ?? item.ReadyTime;
        return new PathView
        {
            // A pulled source has no id: its type is used as the id, and the time identifies it.
            Source = new LiveSource(type, id.Length > 0 ? id : type, "", since ?? default) { OnlineAt = since, Node = node.Name },
            Tracks = [.. item.Tracks2?.Select(static track => track.Codec ?? "") ?? item.Tracks ?? []],
            InboundBytes = Math.Max(item.InboundBytes, item.BytesReceived),
            OutboundBytes = Math.Max(item.OutboundBytes, item.BytesSent),
            Readers = item.Readers?.Count ?? 0,
        };
    }
}
