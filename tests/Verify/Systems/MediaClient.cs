using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Streams.Testing;

namespace Streams.Verify;

/// <summary>Asks MediaMTX's Control API and metrics, with the operator's credentials.</summary>
internal sealed class MediaClient : IDisposable
{
    private readonly Settings _settings;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public MediaClient(Settings settings)
    {
        _settings = settings;
        _http.DefaultRequestHeaders.Authorization = MediaServer.Basic(settings["MEDIAMTX_API_USER"], settings["MEDIAMTX_API_PASS"]);
    }

    /// <summary>The list of paths.</summary>
    public Uri Paths => new(_settings["CONTROL_URL"] + "/v3/paths/list");

    /// <summary>The metrics.</summary>
    public Uri Metrics => new(_settings["METRICS_URL"]);

    /// <summary>Reads a page to its end.</summary>
    /// <exception cref="HttpRequestException">It did not answer 200.</exception>
    public Task<string> Read(Uri address) => _http.GetStringAsync(address);

    /// <summary>Waits until a path is available from a source that came later than a moment.</summary>
    public async Task<AvailablePath> WaitForPath(string path, DateTimeOffset after, TimeSpan? patience = null) =>
        (await Eventually.Get(() => Find(path), found => found is not null && found.Since >= after, $"{path} available in MediaMTX", patience))!;

    /// <summary>A path that is available from a publisher, or from what MediaMTX pulls; null while it is not.</summary>
    public async Task<JsonElement?> FindAvailable(string path) => await FindItem(path) is { } item && item.GetProperty("available").GetBoolean() ? item : null;

    /// <summary>Adds a path that MediaMTX pulls by RTSP.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="source">Where from.</param>
    public async Task Pull(string path, string source)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync($"{_settings["CONTROL_URL"]}/v3/config/paths/add/{path}", new { source, rtspTransport = "tcp" });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Removes it again.</summary>
    public async Task EndPull(string path)
    {
        using HttpResponseMessage answer = await _http.DeleteAsync(new Uri($"{_settings["CONTROL_URL"]}/v3/config/paths/delete/{path}"));
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private async Task<AvailablePath?> Find(string path) => await FindAvailable(path) is { } item
        ? new AvailablePath(item.GetProperty("source").GetProperty("id").GetString()!, item.GetProperty("availableTime").GetDateTimeOffset())
        : null;

    private async Task<JsonElement?> FindItem(string path)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri($"{_settings["CONTROL_URL"]}/v3/paths/get/{path}"));
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        return JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement;
    }
}
