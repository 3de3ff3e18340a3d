using System.Diagnostics;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks.Macro;

/// <summary>Recovery after a restart of the media server, when all publishers reconnect.</summary>
internal sealed class MediaRestartBenchmark : IBenchmark
{
    private const int Count = 50;

    public string Name => "media-restart";

    public string Title => "The media server restarts under 50 publishers";

    public string How =>
        "The server is ended and started again, and all publishers come back. On the stand-in they are its own and come at once; on a real MediaMTX each is an ffmpeg that copies a file, and "
        + "most of the time is theirs. The reference is the same 50 worker programs, started one after the other by .NET's own `Process` until each has reported.";

    public bool IsOnMediaMtx => true;

    public async Task<Findings> Run(Bench bench)
    {
        StreamsSystem system = await bench.Start(Fleet.Settings(), Bench.MediaServer);
        IPublishers publishers = Bench.MediaServer == MediaServerKind.Standin ? new Fleet(system, "again") : new CopyingPublishers(system, bench);
        await publishers.GrowTo(Count);
        StreamsClient client = new(system.Api);
        await client.WaitForRunning(Count);
        SiloMeter meter = new(system);
        double startsBefore = await meter.Total("streams_worker_starts");
        await using WorkerWatch watch = new(publishers.Has);
        await system.StopMedia();
        await system.StartMedia();
        long serverUp = Stopwatch.GetTimestamp();
        await publishers.PublishAgain();
        await WaitForInputs(system);
        TimeSpan inputs = Stopwatch.GetElapsedTime(serverUp);
        await client.WaitForRunning(Count, 2);
        TimeSpan running = Stopwatch.GetElapsedTime(serverUp);
        double starts = await meter.Total("streams_worker_starts") - startsBefore;
        double bare = await TimeBare(bench);
        return new Findings(
        [
            new Row { What = "server up until all streams run", Value = running.TotalMilliseconds, Unit = "ms", Note = watch.Describe() }.Against("until all inputs are available", inputs.TotalMilliseconds),
            new Row { What = "starts a second", Value = Count / running.TotalSeconds, Unit = "/s" }.Against("bare starts", bare),
            new Row { What = "workers started for each stream", Value = starts / Count, Unit = "starts", AtMost = 1 },
        ]);
    }

    private static async Task WaitForInputs(StreamsSystem system) => await Eventually.Get(
        system.ListPaths,
        static paths => paths.Count(static path => path.EndsWith("/in", StringComparison.Ordinal)) == Count,
        $"{Count} inputs available",
        TimeSpan.FromMinutes(2));

    private static async Task<double> TimeBare(Bench bench)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Count; i++)
        {
            ChildProgram worker = await bench.Keep(ChildProgram.Start(FakeWorker.Program, ["progress", Fleet.ReportPeriod]));
            await worker.WaitForLine("progress=continue");
        }

        return Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
