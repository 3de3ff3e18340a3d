using System.Globalization;
using Streams.Testing;
using Streams.Testing.Cluster;
using Xunit;

namespace Streams.EndToEnd.Tests;

/// <summary>
/// Random faults against a whole cluster: silos are killed, frozen, cut off and drained, workers are cut off from media servers, the database hangs, media servers are killed, publishers come, go and take over, and operators
/// command. Outputs are kept, unless <c>CHAOS_CONTINUITY</c> is <c>Off</c>; with <c>CHAOS_STANDBY=Hot</c> each stream has a standby. <c>CHAOS_MINUTES</c> says how long (<c>make chaos CLUSTER=1</c>; one round without it), <c>CHAOS_SEED</c> repeats what was done, <c>CHAOS_STREAMS</c> says to how many streams.
/// </summary>
public sealed class ClusterChaosTests(ITestOutputHelper report)
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan LongRound = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan HistoryPeriod = TimeSpan.FromSeconds(3);

    /// <summary>A machine that is busy with other work gets more time for the truth, but not so much that nothing is tested.</summary>
    private const double MostPatient = 2.5;

    /// <summary>Operators, each with streams of its own, so that of one stream's commands the last is known.</summary>
    private const int Operators = 3;

    private readonly string _name = TestStream.NewId("cc")[..10];

    [Fact]
    public async Task Random_faults_of_a_cluster_never_double_a_worker_and_lose_no_command()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        int? minutes = Number("CHAOS_MINUTES");
        int seed = Number("CHAOS_SEED") ?? Random.Shared.Next();
        int count = Number("CHAOS_STREAMS") ?? 8;
        report.WriteLine($"CHAOS_SEED={Text(seed)} repeats this run's scripts");
        bool isKept = Environment.GetEnvironmentVariable("CHAOS_CONTINUITY") is not "Off";
        bool hasStandbys = Environment.GetEnvironmentVariable("CHAOS_STANDBY") is "Hot";
        using SlatesFolder slates = new(); // Disposed of last: a media server ends without its slate.
        await using MachinePace pace = MachinePace.Watch();
        await using ClusterSystem system = await ClusterSystem.Start(new ClusterOptions
        {
            Kind = MediaServer.MediaMtxFile is null ? MediaServerKind.Standin : MediaServerKind.MediaMtx,
            CanCutWorkers = true,
            Settings = Settings(isKept ? slates.Path : null, hasStandbys),
        });
        ChaosTimeline timeline = new();
        ChaosJudge judge = new(Limit) { HasStandbys = hasStandbys };
        await using ClusterPublishers publishers = new(system);
        ChaosStream[] streams = [.. Enumerable.Range(0, count).Select(number => new ChaosStream($"{_name}-{Text(number)}", system, publishers, judge, timeline))];
        ChaosFaults faults = new(system, judge, timeline, longestOutage: TimeSpan.FromSeconds(minutes is null ? 8 : 30));
        List<TimeSpan> convergence = [];
        await using (ChaosLooks looks = new(system, judge, timeline, id => id.StartsWith(_name, StringComparison.Ordinal)))
        {
            for (int round = 0; IsWanted(round, minutes, timeline) && convergence.All(static took => took < Patience); round++)
            {
                TimeSpan until = timeline.Now + (minutes is null ? Round : LongRound);
                await Play(streams, faults, until, timeline, seed, round);
                timeline.Record("quiet");
                convergence.Add(await Converge(system, streams, judge, timeline, pace));
                await system.WaitForSilos(Patience);
            }

            judge.ExcuseFalseDeaths(system, timeline);
            Report(streams, faults, judge, looks, convergence, pace);
        }

        IReadOnlyList<Violation> violations = judge.Finish();
        Assert.True(violations.Count == 0, $"{Describe(violations, seed, timeline)}\nThe logs of the silos: {(violations.Count == 0 ? "" : await KeepLogs(system, seed))}");
    }

    /// <summary>Writes what all silos wrote, in all of their lives, to a folder that stays.</summary>
    private static async Task<string> KeepLogs(ClusterSystem system, int seed)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"streams-chaos-{Text(seed)}")).FullName;
        foreach (ClusterSilo silo in system.Silos)
        {
            foreach (SiloEnd end in silo.Ends)
            {
                await File.WriteAllLinesAsync(Path.Combine(folder, $"{silo.Name}-{Text(end.Pid)}.log"), end.Lines);
            }

            await File.WriteAllLinesAsync(Path.Combine(folder, $"{silo.Name}-{Text(silo.Pid)}.log"), silo.Program.Lines);
        }

        return folder;
    }

    private static async Task Play(ChaosStream[] streams, ChaosFaults faults, TimeSpan until, ChaosTimeline timeline, int seed, int round)
    {
        using CancellationTokenSource over = new();
        Task reading = ReadHistories(streams, over.Token);
        await Task.WhenAll(
        [
            faults.Run(new Random(Seeds.Of(seed, round, -1)), until),
            .. streams.Select((stream, i) => stream.Publish(new Random(Seeds.Of(seed, round, i)), until)),
            .. Enumerable.Range(0, Operators).Select(i => Command([.. streams.Where((_, number) => number % Operators == i)], new Random(Seeds.Of(seed, round, -2 - i)), until, timeline)),
        ]);
        await over.CancelAsync();
        await reading;
    }

    private static async Task Command(ChaosStream[] streams, Random random, TimeSpan until, ChaosTimeline timeline)
    {
        while (timeline.Now < until && streams.Length > 0)
        {
            await streams[random.Next(streams.Length)].Command(random);

            // The time between two commands is the operator's own: it waits for nothing.
            await Task.Delay(TimeSpan.FromSeconds(0.5 + (random.NextDouble() * 2.5)));
        }
    }

    private static async Task ReadHistories(ChaosStream[] streams, CancellationToken over)
    {
        using PeriodicTimer timer = new(HistoryPeriod);
        while (!over.IsCancellationRequested)
        {
            foreach (ChaosStream stream in streams)
            {
                await stream.ReadHistory();
            }

            await ((Task)timer.WaitForNextTickAsync(over).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits until every stream is as the media servers say; too late is a violation.</summary>
    private static async Task<TimeSpan> Converge(ClusterSystem system, ChaosStream[] streams, ChaosJudge judge, ChaosTimeline timeline, MachinePace pace)
    {
        TimeSpan quiet = timeline.Now;
        bool isLate = false;
        Task<(string Stream, string Difference)> reaching = Eventually.Get(
            async () =>
            {
                (string Stream, string Difference) found = await ChaosTruth.Find(system, streams);
                if (found.Stream.Length > 0 && !isLate && timeline.Now - quiet > Limit * Math.Min(pace.Factor, MostPatient))
                {
                    isLate = true;
                    judge.Add(new Violation(timeline.Now, found.Stream, $"not as it should be {ChaosTimeline.Seconds(timeline.Now - quiet)} s after quiet: {found.Difference}"));
                }

                return found;
            },
            static found => found.Stream.Length == 0,
            "the truth",
            Patience);
        await ((Task)reaching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (reaching.IsFaulted && !isLate)
        {
            await reaching; // Nobody could be asked at all.
        }

        TimeSpan took = timeline.Now - quiet;
        foreach (ChaosStream stream in streams)
        {
            await stream.ReadHistory();
            if (await system.Status(stream.Id) is { } status)
            {
                stream.CheckCommands(status);
            }
        }

        return took;
    }

    private void Report(ChaosStream[] streams, ChaosFaults faults, ChaosJudge judge, ChaosLooks looks, List<TimeSpan> convergence, MachinePace pace)
    {
        convergence.Sort();
        report.WriteLine(
            $"chaos: {streams.Length} streams, {faults.Count} faults, {judge.FalseDeaths} silos declared dead without one, {streams.Sum(static stream => stream.Acknowledged)} commands acknowledged and "
            + $"{streams.Sum(static stream => stream.Uncertain)} not ({string.Join(", ", streams.SelectMany(static stream => stream.Answers).GroupBy(static answer => answer.Key).Select(static answers => $"{answers.Key}: {answers.Sum(static one => one.Value)}"))}), {streams.Sum(static stream => stream.Entries)} history entries seen, {judge.Finish().Count} invariant violations in {judge.Looks} looks, "
            + $"{judge.Overlaps} overlaps, {looks.Known} publishers of outputs known and {looks.Unknown} not, "
            + $"truth after quiet p50 {convergence[convergence.Count / 2].TotalSeconds:0.0} s, max {convergence[^1].TotalSeconds:0.0} s (target <= 12 s, machine's pace {pace.Factor:0.0})");
    }

    private static string Describe(IReadOnlyList<Violation> violations, int seed, ChaosTimeline timeline) => string.Join("\n", violations.Select(violation =>
        $"CHAOS_SEED={Text(seed)}, {ChaosTimeline.Seconds(violation.At)} s, stream {violation.Stream}: {violation.What}\n    before it: {timeline.LedTo(violation.Stream, violation.At)}").Prepend($"{violations.Count} violations"));

    /// <summary>Streams that fail are tried again soon, and for as long as chaos lasts; and there is a second profile to change to, as cheap as the first.</summary>
    /// <param name="slates">Where the slates of kept outputs are; null for outputs that are not kept.</param>
    /// <param name="hasStandbys">Whether each stream has a standby.</param>
    private static Dictionary<string, string> Settings(string? slates, bool hasStandbys)
    {
        Dictionary<string, string> settings = new()
        {
            ["Streams__Workers__MaxWorkers"] = "60",
            ["Streams__Continuity__Mode"] = slates is null ? "Off" : "Keep",
            ["Streams__Continuity__SlateFolder"] = slates ?? "",
            ["Streams__Workers__Profiles__second__Program"] = "ffmpeg",
            ["Streams__Workers__Profiles__second__Progress"] = "Ffmpeg",
        };
        Add("Streams__Retry__Delays", [.. Enumerable.Range(0, 100).Select(static number => number == 0 ? "00:00:01" : "00:00:02")]);
        foreach (string profile in hasStandbys ? new[] { "passthrough", "second" } : [])
        {
            settings[$"Streams__Workers__Profiles__{profile}__Standby"] = "Hot";
        }

        const string Second = "Streams__Workers__Profiles__second__";
        Add(Second + "Arguments",
        [
            "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+warning", "-progress", "pipe:1", "-stats_period", "0.5", "-rtsp_transport", "tcp", "-fflags", "nobuffer", "-flags", "low_delay",
            "-analyzeduration", "1000000", "-i", "{input}", "-c", "copy",
        ]);
        Add(Second + "Outputs__0__Arguments", ["-output_ts_offset", "2.5", "-f", "flv", "{output}"]);
        Add(Second + "Outputs__1__Arguments", ["-f", "rtsp", "-rtsp_transport", "tcp", "{output.rtsp}"]);
        settings[Second + "Outputs__1__Kept"] = "true";
        foreach (string output in new[] { "Outputs__0", "Outputs__1" })
        {
            Add($"{Second}{output}__Video", ["H264"]);
            Add($"{Second}{output}__Audio", ["MPEG-4 Audio"]);
        }

        return settings;

        void Add(string list, string[] values)
        {
            foreach ((int index, string value) in values.Index())
            {
                settings[$"{list}__{Text(index)}"] = value;
            }
        }
    }

    private static bool IsWanted(int round, int? minutes, ChaosTimeline timeline) => minutes is null ? round == 0 : timeline.Now < TimeSpan.FromMinutes(minutes.Value);

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class SlatesFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("streams-slates-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
