using System.Globalization;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks.Macro;

/// <summary>Response times of status and list, by the number of known streams.</summary>
internal sealed class StatusBenchmark : IBenchmark
{
    private const int Live = 5;
    private const int Requests = 500;
    private const double Target = 10;
    private static readonly int[] Known = [10, 1_000, 10_000];

    public string Name => "status";

    public string Title => "Status and list with many known streams";

    public string How =>
        $"{Live} streams run, the others came and went. {Requests} requests one after the other on one connection, of each kind. The list is its first page of 100; whole pages have 1000. "
        + "The reference is `GET /health/live` of the same silo. Processor time is what the silo uses when nobody asks: its polls, its reports, its workers.";

    public async Task<Findings> Run(Bench bench)
    {
        StreamsSystem system = await bench.Start(new Dictionary<string, string>(Fleet.Settings()) { ["Streams__Catalog__MaxOffline"] = "20000" });
        Fleet fleet = new(system, "live");
        await fleet.GrowTo(Live);
        await Task.Delay(SiloMeter.WarmUp);
        List<Row> rows = [];
        List<Bar> bars = [];
        int known = Live;
        foreach (int target in Known)
        {
            await MakeKnown(system, known, target);
            known = target;
            rows.AddRange(await Measure(system, fleet, target, bars));
        }

        return new Findings(rows, new Chart("status", "p99 of an answer", "ms", bars, Target));
    }

    private static async Task<Row[]> Measure(StreamsSystem system, Fleet fleet, int known, List<Bar> bars)
    {
        Bench.Report(string.Create(CultureInfo.InvariantCulture, $"{known} streams known"));
        string of = $"{Numbers.Text(known)} known";
        await HttpLoad.OneByOne(system.Api, "/v1/streams", 50); // Warm-up.
        await HttpLoad.OneByOne(system.Api, $"/v1/streams/{fleet.IdOf(0)}", 50);
        Samples empty = await HttpLoad.OneByOne(system.Api, "/health/live", Requests);
        Samples status = await HttpLoad.OneByOne(system.Api, $"/v1/streams/{fleet.IdOf(0)}", Requests);
        Samples list = await HttpLoad.OneByOne(system.Api, "/v1/streams", Requests);
        Samples page = await HttpLoad.OneByOne(system.Api, "/v1/streams?itemsPerPage=1000&sort=-since", Requests / 5);
        double cpu = await new SiloMeter(system).MeasureCpu(TimeSpan.FromSeconds(5));
        bars.AddRange([new Bar($"status, {of}", status.P99), new Bar($"list, {of}", list.P99)]);
        return
        [
            status.RowOfP50($"status, {of}").Against("an empty endpoint", empty.P50),
            status.RowOfP99($"status, {of}").Against("an empty endpoint", empty.P99) with { AtMost = Target },
            list.RowOfP50($"list, {of}").Against("an empty endpoint", empty.P50),
            list.RowOfP99($"list, {of}").Against("an empty endpoint", empty.P99) with { AtMost = Target },
            page.RowOfP50($"whole page by time, {of}").Against("an empty endpoint", empty.P50),
            new Row { What = $"processor time, {of}", Value = cpu * 100, Unit = "% of a core" },
        ];
    }

    private static Task MakeKnown(StreamsSystem system, int from, int to)
    {
        StreamsClient client = new(system.Api);
        return Parallel.ForEachAsync(Enumerable.Range(from, to - from), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
        {
            string path = $"live/known-{number.ToString("00000", CultureInfo.InvariantCulture)}/out";
            await client.Post(true, path, "source");
            await client.Post(false, path, "source");
        });
    }
}
