using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Streams.Testing;

namespace Streams.Verify;

/// <summary>Asks the API of Streams.</summary>
internal sealed class StreamsClient : IDisposable
{
    private readonly HttpClient _http;

    public StreamsClient(Settings settings)
    {
        _http = new() { BaseAddress = new Uri(settings["API_URL"]), Timeout = TimeSpan.FromSeconds(10) };
        if (settings["STREAMS_OPERATOR_TOKEN"] is { Length: > 0 } token)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>The generation of a stream's latest worker run; 0 for a stream that was never seen.</summary>
    public async Task<long> Generation(string id) => await Get(id, "") is { } status ? status.GetProperty("generation").GetInt64() : 0;

    /// <summary>What a stream is; null for one that was never seen.</summary>
    public Task<JsonElement?> Status(string id) => Get(id, "");

    /// <summary>The worker of a stream that runs, once it is of a later generation.</summary>
    public async Task<WorkerProcess> WaitForWorker(string id, long after)
    {
        JsonElement status = (await Eventually.Get<JsonElement?>(
            () => Get(id, ""),
            seen => seen is { } status && Phase(status) == "Running" && status.GetProperty("generation").GetInt64() > after,
            $"stream {id} running, generation {after + 1} or later"))!.Value;
        JsonElement worker = status.GetProperty("worker");
        return new WorkerProcess(
            status.GetProperty("generation").GetInt64(), worker.GetProperty("pid").GetInt32(), worker.GetProperty("startedAt").GetDateTimeOffset());
    }

    /// <summary>Waits until a stream has no worker and needs none.</summary>
    public Task WaitUntilOffline(string id) =>
        Eventually.Get(() => Get(id, ""), static (JsonElement? status) => status is null || Phase(status.Value) == "Offline", $"stream {id} Offline");

    /// <summary>When the stream took an event of a source, from its history; waits for it.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="what"><c>InputReady</c> or <c>InputNotReady</c>.</param>
    /// <param name="sourceId">MediaMTX's id of the source.</param>
    public async Task<DateTimeOffset> WaitForEvent(string id, string what, string sourceId) => (await Eventually.Get<DateTimeOffset?>(
        async () => (await Get(id, "/history"))?.GetProperty("entries").EnumerateArray()
            .Where(entry => entry.GetProperty("what").GetString() == what
                && entry.TryGetProperty("sourceId", out JsonElement source) && source.GetString() == sourceId)
            .Select(static entry => (DateTimeOffset?)entry.GetProperty("at").GetDateTimeOffset())
            .FirstOrDefault(),
        static at => at is not null,
        $"{what} of source {sourceId} in the history of {id}"))!.Value;

    public void Dispose() => _http.Dispose();

    private static string? Phase(JsonElement status) => status.GetProperty("phase").GetString();

    private async Task<JsonElement?> Get(string id, string suffix)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri($"/v1/streams/{id}{suffix}", UriKind.Relative));
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement;
    }
}
