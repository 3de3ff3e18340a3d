using System.Diagnostics;
using System.Net;

namespace Streams.Measuring.Timing;

/// <summary>Times HTTP requests, one after the other or on several connections at once. A time ends with the last byte of the response.</summary>
public static class HttpLoad
{
    /// <summary>Sends one request.</summary>
    /// <param name="http">The client.</param>
    /// <param name="request">The request.</param>
    /// <param name="expected">The status to get; any that means success when null.</param>
    /// <exception cref="HttpRequestException">The response has another status.</exception>
    public static async Task<TimeSpan> Time(HttpClient http, HttpRequestMessage request, HttpStatusCode? expected = null)
    {
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await http.SendAsync(request);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        bool isExpected = expected is null ? response.IsSuccessStatusCode : response.StatusCode == expected;
        return isExpected ? took : throw new HttpRequestException($"{request.RequestUri} was answered with {(int)response.StatusCode}.");
    }

    /// <summary>Gets a page once.</summary>
    public static async Task<TimeSpan> Time(HttpClient http, string url)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        return await Time(http, request);
    }

    /// <summary>Gets a page several times, one request after the other.</summary>
    public static async Task<Samples> OneByOne(HttpClient http, string url, int count)
    {
        List<TimeSpan> times = new(count);
        for (int i = 0; i < count; i++)
        {
            times.Add(await Time(http, url));
        }

        return Samples.Of(times);
    }

    /// <summary>Sends requests on several connections; each sends its next one as soon as it has a response.</summary>
    /// <param name="http">The client.</param>
    /// <param name="connections">Number of connections.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="next">Makes the next request of a connection, which are numbered from 0.</param>
    /// <returns>The time of each response.</returns>
    public static async Task<IReadOnlyCollection<TimeSpan>> Run(HttpClient http, int connections, TimeSpan duration, Func<int, HttpRequestMessage> next)
    {
        long begun = Stopwatch.GetTimestamp();
        List<TimeSpan>[] times = await Task.WhenAll(Enumerable.Range(0, connections).Select(connection => Task.Run(() => RunOne(connection))));
        return [.. times.SelectMany(static one => one)];

        async Task<List<TimeSpan>> RunOne(int connection)
        {
            List<TimeSpan> taken = [];
            while (Stopwatch.GetElapsedTime(begun) < duration)
            {
                using HttpRequestMessage request = next(connection);
                taken.Add(await Time(http, request));
            }

            return taken;
        }
    }
}
