using System.Globalization;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks.Macro;

/// <summary>Memory and processor time of the silo for each running stream.</summary>
internal sealed class MemoryBenchmark : IBenchmark
{
    private const double FurtherStreamKb = 100;
    private const double IdleKb = 160 * 1024;

    /// <summary>Numbers of running streams, each with its target of processor time; null for none.</summary>
    private static readonly (int Streams, double? CpuPercent)[] Running = [(10, null), (50, 8), (1_000, 30)];

    private const double IdleCpuPercent = 1.5;

    /// <summary>Time in which the runtime returns memory to the kernel after a collection.</summary>
    private static readonly TimeSpan ReturnsMemory = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public string Name => "memory";

    public string Title => "Memory and processor time of running streams";

    public string How =>
        $"The silo's process alone, workers not counted; each worker reports every {Fleet.ReportPeriod} s. The heap is what is alive after two full collections, resident memory what the "
        + $"kernel counts 3 s after them. A further stream's part is the growth since fewer ran, divided by how many came. Before each look they run for {SiloMeter.WarmUp.TotalSeconds:0} s, so that the runtime has compiled what is used a lot. Processor time is over {Window.TotalSeconds:0} s.";

    public async Task<Findings> Run(Bench bench)
    {
        StreamsSystem system = await bench.Start(Fleet.Settings(Running[^1].Streams));
        Fleet fleet = new(system, "memory");
        await fleet.GrowTo(Running[0].Streams);
        await fleet.End();
        await Task.Delay(SiloMeter.WarmUp);
        Usage idle = await Usage.Measure(new SiloMeter(system), 0);
        List<Row> rows = [idle.Row("heap", idle.HeapKb), idle.Row("resident memory", idle.ResidentKb) with { AtMost = IdleKb }, idle.Row("processor time", idle.Cpu * 100, "% of a core") with { AtMost = IdleCpuPercent }];
        List<Bar> bars = [];
        Usage before = idle;
        foreach ((int count, double? cpu) in Running)
        {
            Bench.Report(string.Create(CultureInfo.InvariantCulture, $"{count} workers"));
            await fleet.GrowTo(count);
            await Task.Delay(SiloMeter.WarmUp);
            Usage now = await Usage.Measure(new SiloMeter(system), count);
            rows.AddRange(Compare(before, now, idle, cpu, bars));
            before = now;
        }

        return new Findings(rows, new Chart("memory", "Memory of the silo for each further stream", "KB", bars, FurtherStreamKb));
    }

    private static Row[] Compare(Usage before, Usage now, Usage idle, double? cpu, List<Bar> bars)
    {
        int came = now.Streams - before.Streams;
        double heap = (now.HeapKb - before.HeapKb) / came;
        double resident = (now.ResidentKb - before.ResidentKb) / came;
        string of = $"{Numbers.Text(before.Streams)} to {Numbers.Text(now.Streams)}";

        // The first streams mostly add one-time costs: code, pools, the feed's buffer.
        bool isFirst = before.Streams == 0;
        if (!isFirst)
        {
            bars.AddRange([new Bar($"heap, {of}", heap), new Bar($"resident, {of}", resident)]);
        }

        return
        [
            new Row { What = $"heap of a further stream, {of}", Value = heap, Unit = "KB", AtMost = isFirst ? null : FurtherStreamKb },
            new Row { What = $"resident memory of a further stream, {of}", Value = resident, Unit = "KB", AtMost = isFirst ? null : FurtherStreamKb },
            now.Row("heap", now.HeapKb),
            now.Row("resident memory", now.ResidentKb),
            now.Row("processor time", now.Cpu * 100, "% of a core").Against("no stream", idle.Cpu * 100) with { AtMost = cpu, Note = $"{Numbers.Text((now.Cpu - idle.Cpu) * 100 / now.Streams)} % a stream" },
        ];
    }

    /// <summary>Resource usage of the silo while so many streams run.</summary>
    private sealed record Usage(int Streams, double HeapKb, double ResidentKb, double Cpu)
    {
        public static async Task<Usage> Measure(SiloMeter meter, int streams)
        {
            double cpu = await meter.MeasureCpu(Window);
            double heap = await meter.HeapKb();
            await Task.Delay(ReturnsMemory);
            return new Usage(streams, heap, meter.ResidentKb, cpu);
        }

        public Row Row(string what, double value, string unit = "KB") => new() { What = $"{what}, {(Streams == 0 ? "no stream" : $"{Numbers.Text(Streams)} running")}", Value = value, Unit = unit };
    }
}
