using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Streams.Grains.MediaMtx;

/// <summary>
/// The paths that are configured at MediaMTX while it runs (<c>/v3/config/paths</c>). They are gone after its restart. Adding one that is being published, and
/// removing one, drops its publisher.
/// </summary>
internal sealed class PathConfigurations(MediaMtxClient client)
{
    private const int ItemsPerPage = 1000;
    private const int MaxPages = 100;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Adds a path that readers may join, and stay on, without a publisher.</summary>
    /// <param name="path">The path.</param>
    /// <param name="file">The file that they get meanwhile, where MediaMTX reads it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False when the path is configured already.</returns>
    /// <exception cref="MediaMtxException">It was refused, or MediaMTX could not be asked.</exception>
    public Task<bool> Add(StreamPath path, string file, CancellationToken cancellationToken) =>
        Add(path.ToString(), Body(new MediaMtxKeptPath(OverridePublisher: true, AlwaysAvailable: true, file), MediaMtxJson.Default.MediaMtxKeptPath), cancellationToken);

    /// <summary>Adds the path of one run, for it to publish to.</summary>
    /// <returns>False when the path is configured already.</returns>
    /// <exception cref="MediaMtxException">It was refused, or MediaMTX could not be asked.</exception>
    public Task<bool> Add(SidePath path, CancellationToken cancellationToken) =>
        Add(path.ToString(), Body(new MediaMtxSidePath(OverridePublisher: true), MediaMtxJson.Default.MediaMtxSidePath), cancellationToken);

    /// <summary>Has MediaMTX publish what comes in at a path elsewhere too. Whoever publishes the path is not interrupted.</summary>
    /// <param name="path">The path.</param>
    /// <param name="destination">Where to, with credentials; null for nowhere any more.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False when the path is not configured any more.</returns>
    /// <exception cref="MediaMtxException">It was refused, or MediaMTX could not be asked.</exception>
    public Task<bool> Forward(SidePath path, string? destination, CancellationToken cancellationToken)
    {
        MediaMtxForwarding forwarding = new(destination is null ? [] : [new MediaMtxForward(destination)]);
        return Ask("patch", HttpMethod.Patch, path.ToString(), async response =>
            response.IsSuccessStatusCode ? true
                : response.StatusCode == HttpStatusCode.NotFound ? false
                : throw new MediaMtxException($"MediaMTX at {client.Address} refuses to forward {path}: {await ErrorOf(response, cancellationToken)}"),
            cancellationToken, Body(forwarding, MediaMtxJson.Default.MediaMtxForwarding));
    }

    /// <summary>The file of an always-available path, empty for any other; null when the path is not configured.</summary>
    /// <exception cref="MediaMtxException">MediaMTX could not be asked.</exception>
    public Task<string?> FindFile(StreamPath path, CancellationToken cancellationToken) => Ask<string?>("get", HttpMethod.Get, path.ToString(), async response =>
        response.StatusCode == HttpStatusCode.NotFound ? null
            : response.IsSuccessStatusCode ? FileOf(JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), MediaMtxJson.Default.MediaMtxPathConfig))
            : throw Refused(response), cancellationToken);

    /// <summary>Removes a path; one that is not configured is no error.</summary>
    /// <exception cref="MediaMtxException">MediaMTX could not be asked.</exception>
    public Task Remove(StreamPath path, CancellationToken cancellationToken) => Remove(path.ToString(), cancellationToken);

    /// <summary>The same for the path of one run.</summary>
    /// <exception cref="MediaMtxException">MediaMTX could not be asked.</exception>
    public Task Remove(SidePath path, CancellationToken cancellationToken) => Remove(path.ToString(), cancellationToken);

    private Task<bool> Remove(string path, CancellationToken cancellationToken) => Ask("delete", HttpMethod.Delete, path, response =>
        response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound ? Task.FromResult(true) : throw Refused(response), cancellationToken);

    /// <summary>All always-available paths of streams' outputs, with their files.</summary>
    /// <exception cref="MediaMtxException">MediaMTX could not be asked.</exception>
    public async Task<IReadOnlyList<(StreamPath Path, string File)>> ListKept(CancellationToken cancellationToken)
    {
        List<(StreamPath, string)> kept = [];
        foreach (MediaMtxPathConfig config in await ListAll(cancellationToken))
        {
            if (StreamPath.TryParse(config.Name, out StreamPath path) && path.Role == PathRole.Output && FileOf(config) is { Length: > 0 } file)
            {
                kept.Add((path, file));
            }
        }

        return kept;
    }

    /// <summary>All paths of single runs.</summary>
    /// <exception cref="MediaMtxException">MediaMTX could not be asked.</exception>
    public async Task<IReadOnlyList<SidePath>> ListSides(CancellationToken cancellationToken)
    {
        List<SidePath> sides = [];
        foreach (MediaMtxPathConfig config in await ListAll(cancellationToken))
        {
            if (SidePath.TryParse(config.Name, out SidePath path))
            {
                sides.Add(path);
            }
        }

        return sides;
    }

    private async Task<IReadOnlyList<MediaMtxPathConfig>> ListAll(CancellationToken cancellationToken)
    {
        List<MediaMtxPathConfig> all = [];
        for (int page = 0; page < MaxPages; page++)
        {
            MediaMtxPathConfigPage? answer = await Guard(async limit =>
            {
                using HttpResponseMessage response = await client.Send(string.Create(CultureInfo.InvariantCulture, $"/v3/config/paths/list?itemsPerPage={ItemsPerPage}&page={page}"), limit);
                return response.IsSuccessStatusCode ? JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(limit), MediaMtxJson.Default.MediaMtxPathConfigPage) : throw Refused(response);
            }, cancellationToken);
            all.AddRange(answer?.Items ?? []);
            if (page + 1 >= (answer?.PageCount ?? 0))
            {
                break;
            }
        }

        return all;
    }

    private Task<bool> Add(string path, byte[] body, CancellationToken cancellationToken) => Ask("add", HttpMethod.Post, path, async response =>
    {
        if (response.IsSuccessStatusCode)
        {
            return true;
        }

        string error = await ErrorOf(response, cancellationToken);
        return error == "path already exists" ? false : throw new MediaMtxException($"MediaMTX at {client.Address} refuses to keep {path}: {error}");
    }, cancellationToken, body);

    private static byte[] Body<T>(T settings, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(settings, type);

    private Task<T> Ask<T>(string what, HttpMethod method, string path, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellationToken, byte[]? body = null) => Guard(async limit =>
    {
        using ByteArrayContent? content = body is null ? null : new ByteArrayContent(body);
        content?.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await client.Send($"/v3/config/paths/{what}/{path}", limit, method, content);
        return await read(response);
    }, cancellationToken);

    private async Task<T> Guard<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            return await ask(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MediaMtxException($"MediaMTX's Control API at {client.Address} did not answer within {Timeout.TotalSeconds:0} s.");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException)
        {
            throw new MediaMtxException($"MediaMTX's Control API at {client.Address} could not be used: {failure.Message}", failure);
        }
    }

    private MediaMtxException Refused(HttpResponseMessage response) => new($"MediaMTX's Control API at {client.Address} answered {(int)response.StatusCode}.");

    private static string FileOf(MediaMtxPathConfig? config) => config is { AlwaysAvailable: true, AlwaysAvailableFile: { } file } ? file : "";

    private static async Task<string> ErrorOf(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), MediaMtxJson.Default.MediaMtxError)?.Error ?? $"it answered {(int)response.StatusCode}";
        }
        catch (JsonException)
        {
            return $"it answered {(int)response.StatusCode}";
        }
    }
}
