using System.Diagnostics;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;
using Streams.Measuring.Clients;
using Streams.Testing;

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
        TimeSpan gone = await WaitForEnd(workers);
        await system.Silo.DisposeAsync();
        Bench.Report("the silo is killed, and started again");
        long started = Stopwatch.GetTimestamp();
        await system.StartSilo();
        long ready = Stopwatch.GetTimestamp();
        await new StreamsClient(system.Api).WaitForRunning(Count, 2);
        TimeSpan back = Stopwatch.GetElapsedTime(ready);
        TimeSpan whole = Stopwatch.GetElapsedTime(started);
        (TimeSpan bareStart, TimeSpan bareEnd) = await RunBare(bench);
        return new Findings(
        [
            Row("silo killed until the last worker is gone", gone, 1_000).Against("killed directly", bareEnd.TotalMilliseconds) with { Note = $"{workers.Length} workers" },
            Row("silo ready again until all run", back, 5_000).Against("started directly", bareStart.TotalMilliseconds) with { Note = watch.Describe() },
            Row("silo's process started until all run", whole, null).Against("started directly", bareStart.TotalMilliseconds),
        ]);
    }

    private static Row Row(string what, TimeSpan time, double? target) => new() { What = what, Value = time.TotalMilliseconds, Unit = "ms", AtMost = target };

    private static async Task<TimeSpan> WaitForEnd(int[] workers)
    {
        long killed = Stopwatch.GetTimestamp();
        await Eventually.True(() => !workers.Any(Processes.IsAlive), "no worker left");
        return Stopwatch.GetElapsedTime(killed);
    }

    private static async Task<(TimeSpan Start, TimeSpan End)> RunBare(Bench bench)
    {
        long start = Stopwatch.GetTimestamp();
        List<ChildProgram> workers = [];
        for (int i = 0; i < Count; i++)
        {
            workers.Add(await bench.Keep(ChildProgram.Start(FakeWorker.Program, ["progress", Fleet.ReportPeriod])));
        }

        await Task.WhenAll(workers.Select(static worker => worker.WaitForLine("progress=continue")));
        TimeSpan started = Stopwatch.GetElapsedTime(start);
        long killed = Stopwatch.GetTimestamp();
        foreach (ChildProgram worker in workers)
        {
            worker.Signal(Processes.KillSignal);
        }

        await Eventually.True(() => workers.All(static worker => worker.HasEnded), "no program left");
        return (started, Stopwatch.GetElapsedTime(killed));
    }
}
