using System.Globalization;
using Streams.Testing;

namespace Streams.Benchmarks;

/// <summary>What running streams cost the controller.</summary>
internal sealed class MemoryBenchmark : IBenchmark
{
    private const double Target = 200;
    private static readonly int[] Running = [10, 100, 1_000];
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public string Name => "memory";

    public string Title => "Memory and processor time of running streams";

    public string How =>
        $"The silo's process alone, workers not counted; each worker reports every {Fleet.ReportPeriod} s. The heap is what is alive after two full collections, resident memory what the "
        + $"kernel counts after them; a stream's part is the growth since no stream ran, after {Running[0]} had run once. Processor time is over {Window.TotalSeconds:0} s.";

    public async Task<Findings> Run(Bench bench)
    {
        StreamsSystem system = await bench.Start(Fleet.Settings(Running[^1]));
        SiloMeter meter = new(system);
        Fleet fleet = new(system, "memory");
        await fleet.GrowTo(Running[0]);
        await fleet.End();
        double heap = await meter.HeapKb();
        double resident = meter.ResidentKb;
        double idle = await meter.MeasureCpu(Window);
        List<Row> rows = [new Row { What = "heap, no stream", Value = heap, Unit = "KB" }, new Row { What = "resident, no stream", Value = resident, Unit = "KB" }];
        List<Bar> bars = [];
        foreach (int count in Running)
        {
            Bench.Say(string.Create(CultureInfo.InvariantCulture, $"{count} workers"));
            await fleet.GrowTo(count);
            double cpu = await meter.MeasureCpu(Window);
            double heapEach = (await meter.HeapKb() - heap) / count;
            double residentEach = (meter.ResidentKb - resident) / count;
            string of = $"{Numbers.Text(count)} running";
            bars.AddRange([new Bar($"heap, {of}", heapEach), new Bar($"resident, {of}", residentEach)]);
            rows.AddRange(
            [
                new Row { What = $"heap of a stream, {of}", Value = heapEach, Unit = "KB", AtMost = Target },
                new Row { What = $"resident of a stream, {of}", Value = residentEach, Unit = "KB", AtMost = count == Running[0] ? null : Target },
                new Row { What = $"processor time, {of}", Value = cpu * 100, Unit = "% of a core", Note = $"{Numbers.Text((cpu - idle) * 100 / count)} % a stream" }.Against("no stream", idle * 100),
            ]);
        }

        return new Findings(rows, new Chart("memory", "Memory of the silo for each running stream", "KB", bars, Target));
    }
}
