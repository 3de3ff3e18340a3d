using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Streams.Testing;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>The feed with many clients and streams, and with one that does not read.</summary>
public sealed class FeedLoadTests(ITestOutputHelper report)
{
    private readonly string _name = TestStream.NewId("feed")[..14];

    [Fact]
    public async Task With_five_streams_a_client_sees_what_happens_at_once()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress", "0.5"));
        await StartStreams(system, 5);
        await using FeedClient client = await FeedClient.Open(system.Api);
        double[] delays = await Delays(client, 50);
        report.WriteLine($"feed, 5 streams, 1 client: {Describe(delays)} (target p95 <= 100 ms)");
        Assert.True(Quantile(delays, 0.5) < 1000, Describe(delays));
    }

    [Fact]
    public async Task A_hundred_clients_and_fifty_streams_are_served_and_a_silent_client_holds_up_nobody()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress", "0.5"));
        await StartStreams(system, 50);
        using HttpClient many = new() { BaseAddress = system.Api.BaseAddress };
        HttpResponseMessage silent = await FeedClient.Send(many, "/v1/feed"); // Its body is never read.
        FeedClient[] clients = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => FeedClient.Open(many)));
        TimeSpan before = Process.GetProcessById(system.Silo.Pid).TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        double[][] delays = await Task.WhenAll(clients.Select(client => Delays(client, 300)));
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        double cpu = (Process.GetProcessById(system.Silo.Pid).TotalProcessorTime - before) / took;
        double[] all = [.. delays.SelectMany(static one => one).Order()];
        report.WriteLine($"feed, 50 streams, 100 clients: {Describe(all)}; the silo used {cpu:0.00} of a processor");
        Assert.True(Quantile(all, 0.5) < 3000, Describe(all));
        silent.Dispose();
        foreach (FeedClient client in clients)
        {
            await client.DisposeAsync();
        }

        await Eventually.Get(() => ClientsOf(system), static clients => clients == 0, "no client left");
    }

    [Fact]
    public async Task Open_feeds_do_not_hold_up_the_end_of_the_silo()
    {
        await using StreamsSystem system = await StreamsSystem.Start(MediaServerKind.Standin, FakeProfile.With("progress"));
        await using FeedClient client = await FeedClient.Open(system.Api);
        await client.Next();
        system.Silo.Signal(ChildProgram.Terminate);
        long told = Stopwatch.GetTimestamp();
        Assert.Equal(0, await system.Silo.WaitForEnd(TimeSpan.FromSeconds(30)));
        TimeSpan took = Stopwatch.GetElapsedTime(told);
        report.WriteLine($"ended with an open feed after {took.TotalSeconds:0.0} s");
        Assert.True(took < TimeSpan.FromSeconds(8), $"It took {took}.");
    }

    private static async Task<int> ClientsOf(StreamsSystem system)
    {
        string text = await system.Api.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return (int)PrometheusText.Read(text, static label => label.StartsWith("otel_scope", StringComparison.Ordinal))["streams_feed_clients{}"];
    }

    /// <summary>How long each of so many progress events took from the worker's report to the client, in milliseconds.</summary>
    private static async Task<double[]> Delays(FeedClient client, int count)
    {
        List<double> delays = new(count);
        while (delays.Count < count)
        {
            (string name, JsonElement data) = await client.Next();
            if (name == "progress")
            {
                delays.Add((TimeProvider.System.GetUtcNow() - data.GetProperty("progress").GetProperty("at").GetDateTimeOffset()).TotalMilliseconds);
            }
        }

        return [.. delays.Order()];
    }

    private async Task StartStreams(StreamsSystem system, int count)
    {
        string[] ids = [.. Enumerable.Range(0, count).Select(i => $"{_name}-{i.ToString(CultureInfo.InvariantCulture)}")];
        foreach (string id in ids)
        {
            await system.Media.StartSynthetic(id);
        }

        foreach (string id in ids)
        {
            await system.WaitForFrames(id);
        }
    }

    private static double Quantile(double[] sorted, double quantile) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * quantile)];

    private static string Describe(double[] sorted) =>
        $"p50 {Quantile(sorted, 0.5):0} ms, p95 {Quantile(sorted, 0.95):0} ms, max {sorted[^1]:0} ms of {sorted.Length}";
}
