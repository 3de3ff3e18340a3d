using System.Globalization;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks.Macro;

/// <summary>How soon the streams of a silo that goes run on the others. <c>BENCH_TIMES</c> says how often each way is tried (10), <c>BENCH_STREAMS</c> with how many streams (30).</summary>
internal sealed class ClusterBenchmark : IBenchmark
{
    private const double Second = 1_000;

    /// <summary>With Orleans' own settings each trial takes more than a minute.</summary>
    private const int ReferenceTimes = 2;

    private readonly int _times = Setting("BENCH_TIMES", 10);
    private readonly int _streams = Setting("BENCH_STREAMS", 30);

    public string Name => "cluster";

    public string Title => "A silo of three goes";

    public string How =>
        $"Three silos with supervisors, PostgreSQL, one media server, {_streams} streams with publishers and workers of ffmpeg that copy. The silo with the most workers is killed, frozen, cut off from the database and the others, or "
        + $"told to end, {_times} times each; each stream is timed until the media server has its output from another worker. Then the database is frozen for 15 s, and a silo killed after 10 of them; that is timed "
        + $"from the end of the outage. The reference is the same with Orleans' own times for membership, {ReferenceTimes} times each.";

    public TimeSpan Limit => TimeSpan.FromMinutes(10 + (3 * _times));

    public string? Missing => PostgresServer.Missing;

    public bool IsOnMediaMtx => true;

    public async Task<Findings> Run(Bench bench)
    {
        ClusterTrial own = await ClusterTrial.Start(bench, _streams, hasOrleansMembership: false);
        Samples killed = await Repeat("kill", own.Kill, _times);
        Samples frozen = await Repeat("freeze", own.Freeze, _times);
        Samples cut = await Repeat("cut", own.Cut, _times);
        List<TimeSpan> without = [];
        Samples drained = await Repeat("drain", own.Drain, _times, without);
        int ended = 0;
        Samples outage = await Repeat("outage", async () =>
        {
            (int more, Trial recovery) = await own.FreezeStore();
            ended += more;
            return recovery;
        }, _times);
        await own.DisposeAsync();

        ClusterTrial orleans = await ClusterTrial.Start(bench, _streams, hasOrleansMembership: true);
        int times = Math.Min(_times, ReferenceTimes);
        Samples orleansKilled = await Repeat("kill, Orleans' settings", orleans.Kill, times);
        Samples orleansFrozen = await Repeat("freeze, Orleans' settings", orleans.Freeze, times);
        Samples orleansCut = await Repeat("cut, Orleans' settings", orleans.Cut, times);
        return new Findings(
        [
            .. Rows("killed until its streams run elsewhere", killed, 5 * Second, orleansKilled),
            .. Rows("frozen", frozen, 12 * Second, orleansFrozen),
            .. Rows("cut off", cut, 12 * Second, orleansCut),
            .. Rows("told to end until its streams have moved", drained, null, null),
            Row("told to end: a stream without output", Samples.Of(without), "max", Samples.Of(without).Max) with { AtMost = 1 * Second },
            new Row { What = "workers that an outage of the database ended", Value = ended, Unit = "workers", AtMost = 0, Note = $"{_times} outages of 10 s" },
            .. Rows("killed during the outage, from its end", outage, 20 * Second, null),
        ],
        new Chart(Name, "p95 until a stream runs elsewhere", "ms",
        [
            new Bar("killed", killed.P95), new Bar("killed, Orleans' settings", orleansKilled.P95, true), new Bar("frozen", frozen.P95), new Bar("frozen, Orleans' settings", orleansFrozen.P95, true),
            new Bar("cut off", cut.P95), new Bar("cut off, Orleans' settings", orleansCut.P95, true), new Bar("drained", drained.P95),
        ]));
    }

    private static async Task<Samples> Repeat(string what, Func<Task<Trial>> trial, int times, List<TimeSpan>? without = null)
    {
        List<TimeSpan> all = [];
        for (int i = 1; i <= times; i++)
        {
            Trial one = await trial();
            all.AddRange(one.Took);
            without?.AddRange(one.Without);
            Bench.Report($"{what} {i} of {times}: {one.Took.Count} streams after {one.Took.Max().TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
        }

        return Samples.Of(all);
    }

    /// <summary>The target is that of the 95th percentile.</summary>
    private static IEnumerable<Row> Rows(string what, Samples samples, double? target, Samples? reference)
    {
        yield return Against(Row(what, samples, "p50", samples.P50), reference?.P50);
        yield return Against(Row(what, samples, "p95", samples.P95), reference?.P95) with { AtMost = target };
        yield return Against(Row(what, samples, "max", samples.Max), reference?.Max);
    }

    private static Row Against(Row row, double? reference) => reference is { } value ? row.Against("Orleans' settings", value) : row;

    private static Row Row(string what, Samples samples, string quantile, double value) =>
        new() { What = $"{what}, {quantile}", Value = value, Unit = "ms", Note = $"n={samples.Count}" };

    private static int Setting(string variable, int value) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : value;
}
