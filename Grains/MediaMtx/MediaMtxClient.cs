using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Streams;

/// <summary>Asks MediaMTX's Control API. It trusts no answer: sizes and times are bounded, and what contradicts itself is refused.</summary>
internal sealed class MediaMtxClient(HttpClient http, IOptions<MediaOptions> options)
{
    /// <summary>How long one question may take, all pages together.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The largest answer taken, in bytes.</summary>
    public const int MaxAnswer = 16 * 1024 * 1024;

    /// <summary>How many questions are asked at once: after a restart there is one for each source, and neither side needs as many connections.</summary>
    public const int MaxConnections = 8;

    /// <summary>The longest query taken, in characters: the same as that of a hook's event.</summary>
    private const int MaxQuery = 4096;

    /// <summary>Where the Control API shows a source, by its type.</summary>
    private static readonly FrozenDictionary<string, string> Connections = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["rtmpConn"] = "rtmpconns",
        ["rtmpsConn"] = "rtmpsconns",
        ["rtspSession"] = "rtspsessions",
        ["rtspsSession"] = "rtspssessions",
        ["srtConn"] = "srtconns",
        ["webRTCSession"] = "webrtcsessions",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private const int ItemsPerPage = 1000;
    private const int MaxPages = 100;

    /// <summary>All live paths of streams.</summary>
    /// <exception cref="MediaMtxException">MediaMTX could not be asked, or its answer makes no sense; the message says what to do.</exception>
    public async Task<ImmutableArray<(StreamPath Path, PathView View)>> ListLivePaths(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return await ListAllPages(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MediaMtxException($"MediaMTX's Control API at {Address} did not answer within {Patience.TotalSeconds:0} s.");
        }
        catch (HttpRequestException failure)
        {
            throw new MediaMtxException($"MediaMTX's Control API at {Address} cannot be asked: {failure.Message}", failure);
        }
        catch (JsonException failure)
        {
            throw new MediaMtxException($"MediaMTX's Control API at {Address} answered what is no list of paths: {failure.Message}", failure);
        }
    }

    /// <summary>Its version, or null when it does not say: that is to look at, and no reason to distrust its list.</summary>
    public async Task<string?> FindVersion(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return JsonSerializer.Deserialize(await Get("/v3/info", limit.Token), MediaMtxJson.Default.MediaMtxInfo)?.Version;
        }
        catch (Exception silent) when (silent is MediaMtxException or HttpRequestException or JsonException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The query of the connection that publishes, without credentials, or null when MediaMTX does not tell it.</summary>
    public async Task<string?> FindQuery(LiveSource source, CancellationToken cancellationToken)
    {
        if (!Connections.TryGetValue(source.Type, out string? connections))
        {
            return null;
        }

        try
        {
            byte[] body = await Get($"/v3/{connections}/get/{Uri.EscapeDataString(source.Id)}", cancellationToken);
            return JsonSerializer.Deserialize(body, MediaMtxJson.Default.MediaMtxConnection)?.Query is { Length: <= MaxQuery } query ? QueryCredentials.Strip(query) : null;
        }
        catch (Exception silent) when (silent is MediaMtxException or HttpRequestException or JsonException or OperationCanceledException)
        {
            return null;
        }
    }

    private string Address => $"{options.Value.Host}:{options.Value.ApiPort}";

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
                if (ToView(item) is { } path)
                {
                    live[path.Path] = path.View;
                }
            }

            if (page + 1 >= answer.PageCount)
            {
                return seen >= answer.ItemCount
                    ? [.. live.Select(static pair => (pair.Key, pair.Value))]
                    : throw new JsonException($"it counts {answer.ItemCount} paths, and shows {seen}");
            }
        }

        throw new JsonException($"it has more than {MaxPages} pages");
    }

    private async Task<MediaMtxPathPage> GetPage(int page, CancellationToken cancellationToken)
    {
        byte[] body = await Get(string.Create(CultureInfo.InvariantCulture, $"/v3/paths/list?itemsPerPage={ItemsPerPage}&page={page}"), cancellationToken);
        return JsonSerializer.Deserialize(body, MediaMtxJson.Default.MediaMtxPathPage) ?? throw new JsonException("it is null");
    }

    private async Task<byte[]> Get(string path, CancellationToken cancellationToken)
    {
        MediaOptions media = options.Value;
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{media.Host}:{media.ApiPort}{path}")));
        string credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{media.ApiUser}:{media.ApiPassword}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            string remedy = response.StatusCode == System.Net.HttpStatusCode.Unauthorized ? $" Check {MediaOptions.Section}:ApiUser and ApiPassword." : "";
            throw new MediaMtxException($"MediaMTX's Control API at {Address} answered {(int)response.StatusCode}.{remedy}");
        }

        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private static (StreamPath Path, PathView View)? ToView(MediaMtxPath item)
    {
        bool isLive = item.Available || item.Ready;
        if (!isLive || item.Source is not { Id: { Length: > 0 } id } source || !StreamPath.TryParse(item.Name, out StreamPath path))
        {
            return null;
        }

        DateTimeOffset since = item.AvailableTime ?? item.ReadyTime ?? default;
        return (path, new PathView
        {
            Source = new LiveSource(source.Type ?? "unknown", id, "", since),
            Tracks = [.. item.Tracks ?? []],
            InboundBytes = Math.Max(item.InboundBytes, item.BytesReceived),
            OutboundBytes = Math.Max(item.OutboundBytes, item.BytesSent),
            Readers = item.Readers?.Count ?? 0,
        });
    }
}
