using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks.Macro;

/// <summary>Recovery after a silo was killed.</summary>
internal sealed class RecoveryBenchmark : IBenchmark
{
    private const int Count = 100;

    public string Name => "recovery";

    public string Title => "A silo killed under 100 workers";

    public string How =>
        "The silo gets SIGKILL; its workers are looked at until none is alive. Then it is started again, and asked until all 100 streams run as their next generation. "
        + "The reference is the same 100 programs without a controller: killed one by one, and started all at once until each has reported.";

    public async Task<Findings> Run(Bench bench)
    {
        StreamsSystem system = await bench.Start(Fleet.Settings());
        Fleet fleet = new(system, "recovery");
        await fleet.GrowTo(Count);
        await using WorkerWatch watch = new(fleet.Has);
        int[] workers = [.. WorkerWatch.Workers(fleet.Has).SelectMany(static stream => stream)];
        system.Silo.Signal(Processes.KillSignal);
        TimeSpan gone = await Elapsed.Of(() => Eventually.True(() => !workers.Any(Processes.IsAlive), "no worker left"));
        await system.Silo.DisposeAsync();
        Bench.Report("the silo is killed, and started again");
        TimeSpan ready = await Elapsed.Of(system.StartSilo);
        TimeSpan back = await Elapsed.Of(() => new StreamsClient(system.Api).WaitForRunning(Count, 2));
        (TimeSpan bareStart, TimeSpan bareEnd) = await RunBare(bench);
        return new Findings(
        [
            Row("silo killed until the last worker is gone", gone, 1_000).Against("killed directly", bareEnd.TotalMilliseconds) with { Note = $"{workers.Length} workers" },
            Row("silo ready again until all run", back, 5_000).Against("started directly", bareStart.TotalMilliseconds) with { Note = watch.Describe() },
            Row("silo's process started until all run", ready + back, null).Against("started directly", bareStart.TotalMilliseconds),
        ]);
    }

    private static Row Row(string what, TimeSpan time, double? target) => new() { What = what, Value = time.TotalMilliseconds, Unit = "ms", AtMost = target };

    private static async Task<(TimeSpan Start, TimeSpan End)> RunBare(Bench bench)
    {
        List<ChildProgram> workers = [];
        TimeSpan start = await Elapsed.Of(async () =>
        {
            for (int i = 0; i < Count; i++)
            {
                workers.Add(await bench.Keep(ChildProgram.Start(FakeWorker.Program, ["progress", Fleet.ReportPeriod])));
            }

            await Task.WhenAll(workers.Select(static worker => worker.WaitForLine("progress=continue")));
        });
        TimeSpan end = await Elapsed.Of(() =>
        {
            workers.ForEach(static worker => worker.Signal(Processes.KillSignal));
            return Eventually.True(() => workers.All(static worker => worker.HasEnded), "no program left");
        });
        return (start, end);
    }
}
