using System.Diagnostics;
using Streams.Measuring.Timing;
using Streams.Testing;

namespace Streams.Benchmarks;

/// <summary>Asks a server from several connections at once, each as soon as it has its answer.</summary>
internal static class HttpLoad
{
    /// <summary>Asks one after the other, on one connection.</summary>
    public static async Task<Samples> OneByOne(HttpClient http, string path, int count)
    {
        List<TimeSpan> times = new(count);
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using HttpResponseMessage answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            times.Add(Stopwatch.GetElapsedTime(start));
            answer.EnsureSuccessStatusCode();
        }

        return Samples.Of(times);
    }

    /// <summary>Asks for a time.</summary>
    /// <param name="http">Who asks.</param>
    /// <param name="connections">How many ask at once.</param>
    /// <param name="time">For how long.</param>
    /// <param name="next">Makes the next request of a connection, from 0.</param>
    /// <returns>How long each answer took.</returns>
    public static async Task<IReadOnlyCollection<TimeSpan>> Run(HttpClient http, int connections, TimeSpan time, Func<int, HttpRequestMessage> next)
    {
        long end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        List<TimeSpan>[] times = await Task.WhenAll(Enumerable.Range(0, connections).Select(connection => Task.Run(() => Ask(connection))));
        return [.. times.SelectMany(static one => one)];

        async Task<List<TimeSpan>> Ask(int connection)
        {
            List<TimeSpan> taken = [];
            while (Stopwatch.GetTimestamp() < end)
            {
                using HttpRequestMessage request = next(connection);
                long start = Stopwatch.GetTimestamp();
                using HttpResponseMessage answer = await http.SendAsync(request);
                taken.Add(Stopwatch.GetElapsedTime(start));
                answer.EnsureSuccessStatusCode();
            }

            return taken;
        }
    }
}
