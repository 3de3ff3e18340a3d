using System.Text.Json;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks.Macro;

/// <summary>Latency from a worker's report to a client of the feed.</summary>
internal sealed class FeedBenchmark : IBenchmark
{
    private const double Target = 100;

    /// <summary>Maximum number of timed clients. The others only read: parsing each event a hundred times would load this process.</summary>
    private const int Timed = 5;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public string Name => "feed";

    public string Title => "The feed, from a worker's report to a client";

    public string How =>
        $"Each worker reports every {Fleet.ReportPeriod} s; the delay counts from when the silo has read the report until a client has it. Up to {Timed} clients are timed, and as many as are "
        + $"named are served. {Window.TotalSeconds:0} s of each. The reference is `GET /health/live` of the same silo meanwhile: what any answer takes then.";

    public async Task<Findings> Run(Bench bench)
    {
        StreamsSystem system = await bench.Start(Fleet.Settings());
        Fleet fleet = new(system, "feed");
        List<Row> rows = [];
        foreach ((int streams, int clients) in new[] { (5, 1), (50, 100) })
        {
            await fleet.GrowTo(streams);
            string of = $"{streams} streams, {clients} {(clients == 1 ? "client" : "clients")}";
            Bench.Report(of);
            rows.AddRange(await Measure(system, clients, of));
        }

        return new Findings(rows);
    }

    private static async Task<Row[]> Measure(StreamsSystem system, int clients, string of)
    {
        using HttpClient many = new() { BaseAddress = system.Api.BaseAddress };
        using CancellationTokenSource over = new();
        FeedClient[] timed = await Task.WhenAll(Enumerable.Range(0, Math.Min(clients, Timed)).Select(_ => FeedClient.Open(many)));
        Task[] others = [.. Enumerable.Range(0, clients - timed.Length).Select(_ => ReadOnly(many, over.Token))];
        Task<double> cpu = new SiloMeter(system).MeasureCpu(Window);
        Task<List<double>>[] delays = [.. timed.Select(client => Delays(client, cpu))];
        Samples empty = await Pings(system.Api, cpu);
        Samples all = new((await Task.WhenAll(delays)).SelectMany(static one => one));
        await over.CancelAsync();
        await Task.WhenAll(others);
        foreach (FeedClient client in timed)
        {
            await client.DisposeAsync();
        }

        return
        [
            all.RowOfP50(of).Against("an empty endpoint", empty.P50),
            all.RowOfP95(of).Against("an empty endpoint", empty.P95) with { AtMost = Target },
            new Row { What = $"{of}, processor time", Value = await cpu * 100, Unit = "% of a core" },
        ];
    }

    private static async Task<List<double>> Delays(FeedClient client, Task until)
    {
        List<double> delays = [];
        while (!until.IsCompleted)
        {
            (string name, JsonElement data) = await client.Next();
            if (name == "progress")
            {
                delays.Add((TimeProvider.System.GetUtcNow() - data.GetProperty("progress").GetProperty("at").GetDateTimeOffset()).TotalMilliseconds);
            }
        }

        return delays;
    }

    private static async Task<Samples> Pings(HttpClient http, Task until)
    {
        List<TimeSpan> times = [];
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (!until.IsCompleted && await timer.WaitForNextTickAsync())
        {
            times.Add(await HttpLoad.Time(http, "/health/live"));
        }

        return Samples.Of(times);
    }

    private static async Task ReadOnly(HttpClient http, CancellationToken over)
    {
        try
        {
            using HttpResponseMessage feed = await FeedClient.Send(http, "/v1/feed");
            feed.EnsureSuccessStatusCode();
            await using Stream stream = await feed.Content.ReadAsStreamAsync(over);
            await stream.CopyToAsync(Stream.Null, over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // All is measured.
        }
    }
}
