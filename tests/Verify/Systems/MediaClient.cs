using System.Net;
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

    public void Dispose() => _http.Dispose();

    private async Task<AvailablePath?> Find(string path)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri($"{_settings["CONTROL_URL"]}/v3/paths/get/{path}"));
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        JsonElement item = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement;
        return item.GetProperty("available").GetBoolean()
            ? new AvailablePath(item.GetProperty("source").GetProperty("id").GetString()!, item.GetProperty("availableTime").GetDateTimeOffset())
            : null;
    }
}
