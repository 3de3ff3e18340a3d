using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks.Micro;

/// <summary>Microbenchmarks of the code that runs for every event, report and poll.</summary>
internal sealed class MicroBenchmark : IBenchmark
{
    private static readonly Type[] Pieces = [typeof(DecideBenchmarks), typeof(ProgressBenchmarks), typeof(EventBenchmarks), typeof(StateBenchmarks), typeof(FrameBenchmarks)];

    public string Name => "micro";

    public string Title => "Pieces";

    public string How =>
        "BenchmarkDotNet in this process (a build of its own for each piece would take minutes): 3 warm-ups and 5 iterations of 100 ms. The note has what is allocated. "
        + "The report is `micro/` in the folder of results.";

    public async Task<Findings> Run(Bench bench)
    {
        using StreamWriter log = new(Path.Combine(bench.Folder, "micro.log"));
        IConfig config = Configure(bench, log);
        List<Row> rows = [];
        foreach (Type piece in Pieces)
        {
            Summary summary = await Task.Run(() => BenchmarkRunner.Run(piece, config));
            rows.AddRange(summary.Reports.Select(Describe));
        }

        return new Findings(rows);
    }

    private static ManualConfig Configure(Bench bench, StreamWriter log) => ManualConfig.CreateEmpty()
        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(5).WithIterationTime(TimeInterval.FromMilliseconds(100)))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(new StreamLogger(log))
        .WithArtifactsPath(Path.Combine(bench.Folder, "micro"));

    private static Row Describe(BenchmarkReport report)
    {
        string what = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
        double nanoseconds = report.ResultStatistics?.Mean ?? throw new InvalidOperationException($"'{what}' could not be measured; see micro.log.");
        long bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
        return new Row { What = what, Value = nanoseconds / 1_000, Unit = "us", Note = $"{Numbers.Text(bytes)} B allocated" };
    }
}
