using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Streams.Testing;

/// <summary>One client of the feed.</summary>
public sealed class FeedClient : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private FeedClient(HttpResponseMessage answer, Stream stream)
    {
        _answer = answer;
        _events = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
    }

    /// <summary>The id of the last event read.</summary>
    public string LastEventId { get; private set; } = "";

    /// <summary>Connects, as soon as there is room: the service notices with a delay that other clients have gone.</summary>
    public static async Task<FeedClient> Open(HttpClient http, string path = "/v1/feed", string? lastEventId = null)
    {
        HttpResponseMessage answer = await Eventually.Get(() => Send(http, path, lastEventId), static answer => answer.IsSuccessStatusCode, "a feed");
        return new FeedClient(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>Connects, whatever the answer is.</summary>
    public static async Task<HttpResponseMessage> Send(HttpClient http, string path, string? lastEventId = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The next event; fails when none comes within 10 s, or the feed ends.</summary>
    public async Task<(string Name, JsonElement Data)> Next()
    {
        bool isThere = await _events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        if (!isThere)
        {
            throw new InvalidOperationException("The feed has ended.");
        }

        LastEventId = _events.Current.EventId ?? "";
        return (_events.Current.EventType, JsonElement.Parse(_events.Current.Data));
    }

    public ValueTask DisposeAsync()
    {
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
