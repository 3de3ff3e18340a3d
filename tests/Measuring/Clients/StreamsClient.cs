using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Streams.Testing;

namespace Streams.Measuring.Clients;

/// <summary>Client of the Streams API: status, workers and history of streams, and events posted as the hook posts them.</summary>
/// <param name="http">Has the API's address, and a token where the API needs one.</param>
public sealed class StreamsClient(HttpClient http)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>A stream's status; null for an unknown stream.</summary>
    public Task<JsonElement?> Status(string id) => http.Find($"/v1/streams/{id}");

    /// <summary>The generation of a stream's latest worker run; 0 for an unknown stream.</summary>
    public async Task<long> Generation(string id) => (await Status(id))?.GetProperty("generation").GetInt64() ?? 0;

    /// <summary>Waits until a stream runs in a later generation, and returns its worker.</summary>
    public async Task<WorkerProcess> WaitForWorker(string id, long after)
    {
        JsonElement status = (await Eventually.Get<JsonElement?>(
            () => Status(id),
            seen => seen is { } status && Phase(status) == "Running" && status.GetProperty("generation").GetInt64() > after,
            $"stream {id} running, generation {after + 1} or later"))!.Value;
        JsonElement worker = status.GetProperty("worker");
        return new WorkerProcess(
            status.GetProperty("generation").GetInt64(), worker.GetProperty("pid").GetInt32(), worker.GetProperty("startedAt").GetDateTimeOffset());
    }

    /// <summary>Waits until a stream is offline or unknown.</summary>
    public Task WaitUntilOffline(string id) =>
        Eventually.Get(() => Status(id), static (JsonElement? status) => status is null || Phase(status.Value) == "Offline", $"stream {id} Offline");

    /// <summary>Waits for a source's event in a stream's history, and returns its time.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="what"><c>InputReady</c> or <c>InputNotReady</c>.</param>
    /// <param name="sourceId">MediaMTX's id of the source.</param>
    public async Task<DateTimeOffset> WaitForEvent(string id, string what, string sourceId) => (await Eventually.Get<DateTimeOffset?>(
        async () => (await http.Find($"/v1/streams/{id}/history"))?.GetProperty("entries").EnumerateArray()
            .Where(entry => entry.GetProperty("what").GetString() == what
                && entry.TryGetProperty("sourceId", out JsonElement source) && source.GetString() == sourceId)
            .Select(static entry => (DateTimeOffset?)entry.GetProperty("at").GetDateTimeOffset())
            .FirstOrDefault(),
        static at => at is not null,
        $"{what} of source {sourceId} in the history of {id}"))!.Value;

    /// <summary>Waits until exactly so many streams run, each in this generation or a later one.</summary>
    public Task WaitForRunning(int count, long generation = 1) =>
        Eventually.Get(() => CountRunning(generation), running => running == count, $"{count} streams running", TimeSpan.FromMinutes(3));

    /// <summary>Posts an event with an id of its own.</summary>
    public async Task Post(bool isReady, string path, string sourceId)
    {
        using HttpResponseMessage response = await http.SendAsync(Event(isReady, path, sourceId, Guid.NewGuid()));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The request that the hook makes for an event.</summary>
    public static HttpRequestMessage Event(bool isReady, string path, string sourceId, Guid eventId)
    {
        string body = $$"""{"path":"{{path}}","sourceType":"rtmpConn","sourceId":"{{sourceId}}","query":"","eventId":"{{eventId}}","occurredAt":"{{TimeProvider.System.GetUtcNow():O}}"}""";
        ByteArrayContent content = new(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = Json } };
        return new HttpRequestMessage(HttpMethod.Post, $"/v1/mediamtx/events/{(isReady ? "ready" : "not-ready")}") { Content = content };
    }

    private static string? Phase(JsonElement status) => status.GetProperty("phase").GetString();

    private async Task<int> CountRunning(long generation)
    {
        JsonElement list = (await http.Find("/v1/streams?phase=Running&itemsPerPage=1000"))!.Value;
        return list.GetProperty("items").EnumerateArray().Count(stream => stream.GetProperty("generation").GetInt64() >= generation);
    }
}
