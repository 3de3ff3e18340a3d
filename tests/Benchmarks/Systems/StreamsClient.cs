using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Streams.Testing;

namespace Streams.Benchmarks;

/// <summary>Asks the API, and tells it what a hook would.</summary>
internal sealed class StreamsClient(HttpClient http)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Posts an event.</summary>
    public async Task Post(bool isReady, string path, string sourceId)
    {
        using HttpResponseMessage answer = await http.SendAsync(Event(isReady, path, sourceId, Guid.NewGuid()));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The request that a hook makes: with an id of the event and its time.</summary>
    public static HttpRequestMessage Event(bool isReady, string path, string sourceId, Guid eventId)
    {
        string body = $$"""{"path":"{{path}}","sourceType":"rtmpConn","sourceId":"{{sourceId}}","query":"","eventId":"{{eventId}}","occurredAt":"{{TimeProvider.System.GetUtcNow():O}}"}""";
        ByteArrayContent content = new(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = Json } };
        return new HttpRequestMessage(HttpMethod.Post, $"/v1/mediamtx/events/{(isReady ? "ready" : "not-ready")}") { Content = content };
    }

    /// <summary>How many streams run, of a generation or later.</summary>
    public async Task<int> CountRunning(long generation = 1)
    {
        JsonElement list = await http.GetFromJsonAsync<JsonElement>(new Uri("/v1/streams?phase=Running&itemsPerPage=1000", UriKind.Relative));
        return list.GetProperty("items").EnumerateArray().Count(stream => stream.GetProperty("generation").GetInt64() >= generation);
    }

    /// <summary>Waits until so many run.</summary>
    public Task WaitForRunning(int count, long generation = 1) =>
        Eventually.Get(() => CountRunning(generation), running => running == count, $"{count} streams running", TimeSpan.FromMinutes(3));
}
