using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks.Macro;

/// <summary>List, search, page, start-up time and memory with a million known streams.</summary>
internal sealed class KnownBenchmark(BenchStore store) : IBenchmark
{
    private const int Known = 1_000_000;
    private const int Requests = 200;

    private static readonly string[] Others =
        [$"/v1/streams?page={Known / 200}", "/v1/streams?sort=-since", "/v1/streams?phase=Failed", "/v1/streams?q=12345", "/v1/streams?q=cam"];

    public string Name => "known" + store.Suffix;

    public string Title => $"A million known streams, {store.Title}";

    public string How =>
        $"The {store.Title} store is filled with {Numbers.Text(Known)} rows of 700 bytes beside the silo, a few of them failed. {Requests} requests one after the other on one connection, of each kind. "
        + "The reference is the same silo with an empty store.";

    public string? Missing => store.Missing;

    public async Task<Findings> Run(Bench bench)
    {
        StreamsSystem system = await bench.Start(
            await store.Prepare(bench, new Dictionary<string, string>(FakeProfile.With("progress")) { ["Streams__Catalog__MaxOffline"] = $"{Known}" }));
        double emptyStart = await Restart(system);
        await Task.Delay(SiloMeter.WarmUp);
        Samples emptyList = await Time(system, "/v1/streams");
        Samples emptyPage = await Time(system, "/");
        foreach (string other in Others)
        {
            await Time(system, other);
        }

        double emptyMemory = new SiloMeter(system).ResidentKb;
        Bench.Report("the store is filled");
        await system.KillSilo();
        await store.Fill(system, Known);
        double fullStart = await Restart(system);
        await Task.Delay(SiloMeter.WarmUp);
        Samples list = await Time(system, "/v1/streams");
        Samples page = await Time(system, "/");
        Samples middle = await Time(system, Others[0]);
        Samples newest = await Time(system, Others[1]);
        Samples failed = await Time(system, Others[2]);
        Samples search = await Time(system, Others[3]);
        Samples broad = await Time(system, Others[4]);
        double fullMemory = new SiloMeter(system).ResidentKb;
        return new Findings(
        [
            list.RowOfP95("list of 100, first page").Against("an empty store", emptyList.P95) with { AtMost = 20 },
            middle.RowOfP95("list of 100, from the middle") with { AtMost = 20 },
            newest.RowOfP95("list of 100, newest first") with { AtMost = 20 },
            failed.RowOfP95("list of those that failed") with { AtMost = 20 },
            search.RowOfP95("search for a part of an id that ten have") with { AtMost = 20 },
            broad.RowOfP95("search for a part of the id that all have"),
            page.RowOfP95("the page").Against("an empty store", emptyPage.P95) with { AtMost = 50 },
            new Row { What = "silo's process started until ready", Value = fullStart, Unit = "ms" }.Against("an empty store", emptyStart),
            new Row { What = "resident memory", Value = fullMemory, Unit = "KB" }.Against("an empty store", emptyMemory),
        ],
        new Chart(Name, "p95 of an answer", "ms", [new Bar("list", list.P95), new Bar("from the middle", middle.P95), new Bar("search", search.P95), new Bar("page", page.P95)], 20));
    }

    private static async Task<double> Restart(StreamsSystem system)
    {
        if (system.IsSiloRunning)
        {
            await system.KillSilo();
        }

        return (await Elapsed.Of(system.StartSilo)).TotalMilliseconds;
    }

    private static async Task<Samples> Time(StreamsSystem system, string url)
    {
        Bench.Report(url);
        await HttpLoad.OneByOne(system.Api, url, 20);
        return await HttpLoad.OneByOne(system.Api, url, Requests);
    }
}
