using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

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
    public Task<bool> Add(StreamPath path, string file, CancellationToken cancellationToken) => Ask("add", HttpMethod.Post, path, async response =>
    {
        if (response.IsSuccessStatusCode)
        {
            return true;
        }

        string error = await ErrorOf(response, cancellationToken);
        return error == "path already exists" ? false : throw new MediaMtxException($"MediaMTX at {client.Address} refuses to keep {path}: {error}");
    }, cancellationToken, new MediaMtxKeptPath(OverridePublisher: true, AlwaysAvailable: true, file));

    /// <summary>The file of an always-available path, empty for any other; null when the path is not configured.</summary>
    /// <exception cref="MediaMtxException">MediaMTX could not be asked.</exception>
    public Task<string?> FindFile(StreamPath path, CancellationToken cancellationToken) => Ask<string?>("get", HttpMethod.Get, path, async response =>
        response.StatusCode == HttpStatusCode.NotFound ? null
            : response.IsSuccessStatusCode ? FileOf(JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), MediaMtxJson.Default.MediaMtxPathConfig))
            : throw Refused(response), cancellationToken);

    /// <summary>Removes a path; one that is not configured is no error.</summary>
    /// <exception cref="MediaMtxException">MediaMTX could not be asked.</exception>
    public Task Remove(StreamPath path, CancellationToken cancellationToken) => Ask("delete", HttpMethod.Delete, path, response =>
        response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound ? Task.FromResult(true) : throw Refused(response), cancellationToken);

    /// <summary>All always-available paths of streams' outputs, with their files.</summary>
    /// <exception cref="MediaMtxException">MediaMTX could not be asked.</exception>
    public async Task<IReadOnlyList<(StreamPath Path, string File)>> ListKept(CancellationToken cancellationToken)
    {
        List<(StreamPath, string)> kept = [];
        for (int page = 0; page < MaxPages; page++)
        {
            MediaMtxPathConfigPage? answer = await Guard(async limit =>
            {
                using HttpResponseMessage response = await client.Send(string.Create(CultureInfo.InvariantCulture, $"/v3/config/paths/list?itemsPerPage={ItemsPerPage}&page={page}"), limit);
                return response.IsSuccessStatusCode ? JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(limit), MediaMtxJson.Default.MediaMtxPathConfigPage) : throw Refused(response);
            }, cancellationToken);
            foreach (MediaMtxPathConfig config in answer?.Items ?? [])
            {
                if (StreamPath.TryParse(config.Name, out StreamPath path) && path.Role == PathRole.Output && FileOf(config) is { Length: > 0 } file)
                {
                    kept.Add((path, file));
                }
            }

            if (page + 1 >= (answer?.PageCount ?? 0))
            {
                break;
            }
        }

        return kept;
    }

    private Task<T> Ask<T>(string what, HttpMethod method, StreamPath path, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellationToken, MediaMtxKeptPath? body = null) => Guard(async limit =>
    {
        using ByteArrayContent? content = body is null ? null : new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, MediaMtxJson.Default.MediaMtxKeptPath));
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
