using System.Globalization;
using System.Text.Json;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks.Macro;

/// <summary>Latency from a publisher to its worker, compared with a bare start of the same program.</summary>
internal sealed class StartBenchmark : IBenchmark
{
    private const int Runs = 40;
    private const int WarmUps = 5;

    /// <summary>Target: maximum that the controller adds to a bare start, in ms.</summary>
    private const double OverBareP50 = 3;

    /// <inheritdoc cref="OverBareP50"/>
    private const double OverBareP95 = 8;
    private const string Stamp = "runs since ";

    public string Name => "start";

    public string Title => "From ready to the worker";

    public string How =>
        "One stream after the other. The worker's first act is to write the time at which it runs. \"Input available\" begins with the publisher, and so has the hook's process in it; "
        + "\"event\" begins with the hook's request. The reference is the same program, started by .NET's own `Process` and nothing else.";

    public async Task<Findings> Run(Bench bench)
    {
        StreamsSystem system = await bench.Start(FakeProfile.With("stamp"));
        StreamsClient client = new(system.Api);
        List<double> published = [];
        List<double> posted = [];
        List<double> bare = [];
        for (int run = -WarmUps; run < Runs; run++)
        {
            string id = $"start-{run + WarmUps}";
            double fromPublisher = await Time(system, id, () => system.Media.StartSynthetic(id));
            await system.Media.EndSynthetic(id);
            await system.WaitForPhase(id, "Offline");
            double fromEvent = await Time(system, $"{id}-posted", () => client.Post(true, $"live/{id}-posted/in", id));
            await client.Post(false, $"live/{id}-posted/in", id);
            await system.WaitForPhase($"{id}-posted", "Offline");
            double alone = await TimeAlone();
            if (run >= 0)
            {
                published.Add(fromPublisher);
                posted.Add(fromEvent);
                bare.Add(alone);
            }
        }

        return Describe(new Samples(published), new Samples(posted), new Samples(bare));
    }

    private static Findings Describe(Samples published, Samples posted, Samples bare) => new(
        [
            published.RowOfP50("input available until the worker runs").Against("bare start", bare.P50),
            published.RowOfP95("input available until the worker runs").Against("bare start", bare.P95) with { AtMost = 30 },
            posted.RowOfP50("event until the worker runs").Against("bare start", bare.P50) with { AtMost = bare.P50 + OverBareP50 },
            posted.RowOfP95("event until the worker runs").Against("bare start", bare.P95) with { AtMost = bare.P95 + OverBareP95 },
        ],
        new Chart("start", "Until the worker runs, p95", "ms", [new Bar("from the publisher", published.P95), new Bar("from the event", posted.P95), new Bar("bare start", bare.P95, true)], 30));

    private static async Task<double> Time(StreamsSystem system, string id, Func<Task> begin)
    {
        DateTimeOffset begun = TimeProvider.System.GetUtcNow();
        await begin();
        JsonElement? status = await Eventually.Get(() => system.Status(id), static status => FindStamp(status) is not null, $"the worker of {id} running");
        return Since(begun, FindStamp(status)!);
    }

    private static async Task<double> TimeAlone()
    {
        DateTimeOffset begun = TimeProvider.System.GetUtcNow();
        await using ChildProgram worker = ChildProgram.Start(FakeWorker.Program, ["stamp"]);
        return Since(begun, await worker.WaitForLine(Stamp));
    }

    private static string? FindStamp(JsonElement? status) =>
        status?.GetProperty("logTail").EnumerateArray().Select(static line => line.GetString()!).FirstOrDefault(static line => line.StartsWith(Stamp, StringComparison.Ordinal));

    /// <summary>Milliseconds; bash writes seconds since 1970 with six decimals, after a comma where the language wants one.</summary>
    private static double Since(DateTimeOffset begun, string line)
    {
        decimal seconds = decimal.Parse(line[Stamp.Length..].Replace(',', '.'), CultureInfo.InvariantCulture);
        return (double)((seconds * 1000) - ((decimal)(begun - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond));
    }
}
