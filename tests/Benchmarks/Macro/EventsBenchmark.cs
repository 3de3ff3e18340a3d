using System.Diagnostics;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks.Macro;

/// <summary>Events through the API, against an endpoint that does nothing.</summary>
internal sealed class EventsBenchmark(BenchStore store) : IBenchmark
{
    private const int Connections = 16;
    private const int StreamsOfAConnection = 8;
    private const int Rounds = 4;
    private static readonly Guid Same = Guid.NewGuid();
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(2);

    /// <summary>Time in which the runtime optimizes hot code in the background (tiered compilation), on the same cores.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);

    public string Name => "events" + store.Suffix;

    public string Title => $"Events taken, {store.Title}";

    public string How =>
        $"{Connections} connections, each posting its next event as soon as the last one was answered; {Rounds} rounds of {RoundTime.TotalSeconds:0} s of each, in turn. "
        + "New events change their stream, so each is saved before it is answered; repeated ones carry the same id again and change nothing. They are of outputs, so that no worker starts. "
        + "The reference is `GET /health/live` of the same silo: the same server and middleware, no body to read, no grain to ask. The client is HttpClient "
        + "on the same cores, and takes a good part of them; processor time is the silo's own.";

    public string? Missing => store.Missing;

    public async Task<Findings> Run(Bench bench)
    {
        StreamsSystem system = await bench.Start(await store.Prepare(bench, FakeProfile.With("progress")));
        await system.StopMedia(); // It would correct what is invented here.
        Kind empty = new("an empty endpoint", static _ => new HttpRequestMessage(HttpMethod.Get, "/health/live"));
        Kind repeated = new("repeated events", static connection => StreamsClient.Event(true, $"live/same-{connection}/out", "same", Same));
        Kind fresh = new("new events", new NewEvents().Next);
        Kind[] kinds = [empty, repeated, fresh];
        foreach (Kind kind in kinds)
        {
            await HttpLoad.Run(system.Api, Connections, WarmUp, kind.Next);
        }

        for (int round = 0; round < Rounds; round++)
        {
            foreach (Kind kind in kinds)
            {
                await kind.Measure(system);
            }
        }

        return Describe(empty, repeated, fresh);
    }

    private Findings Describe(Kind empty, Kind repeated, Kind fresh) => new(
        [
            fresh.Rate().Against(empty.Name, empty.PerSecond) with { AtLeast = store.EventsAtLeast },
            repeated.Rate().Against(empty.Name, empty.PerSecond) with { RatioAtLeast = 0.5 },
            fresh.CpuEach().Against(empty.Name, empty.CpuMicroseconds),
            repeated.CpuEach().Against(empty.Name, empty.CpuMicroseconds),
            fresh.Samples.RowOfP50(fresh.Name).Against(empty.Name, empty.Samples.P50),
            fresh.Samples.RowOfP95(fresh.Name).Against(empty.Name, empty.Samples.P95),
            fresh.Samples.RowOfP99(fresh.Name).Against(empty.Name, empty.Samples.P99),
        ],
        new Chart(Name, "Answers a second", "/s", [new Bar(fresh.Name, fresh.PerSecond), new Bar(repeated.Name, repeated.PerSecond), new Bar(empty.Name, empty.PerSecond, true)]));

    /// <summary>Each stream's output comes and goes, by a new source each time.</summary>
    private sealed class NewEvents
    {
        private readonly int[] _made = new int[Connections];

        public HttpRequestMessage Next(int connection)
        {
            int number = _made[connection]++;
            int source = number / (2 * StreamsOfAConnection);
            bool isReady = number / StreamsOfAConnection % 2 == 0;
            return StreamsClient.Event(isReady, $"live/new-{connection}-{number % StreamsOfAConnection}/out", $"source-{source}", Guid.NewGuid());
        }
    }

    private sealed class Kind(string name, Func<int, HttpRequestMessage> next)
    {
        private readonly List<TimeSpan> _times = [];
        private TimeSpan _took;
        private TimeSpan _cpu;

        public string Name => name;

        public Func<int, HttpRequestMessage> Next => next;

        public Samples Samples => Samples.Of(_times);

        public double PerSecond => _times.Count / _took.TotalSeconds;

        public double CpuMicroseconds => _cpu.TotalMicroseconds / _times.Count;

        public async Task Measure(StreamsSystem system)
        {
            SiloMeter meter = new(system);
            TimeSpan cpu = meter.Cpu;
            long start = Stopwatch.GetTimestamp();
            _times.AddRange(await HttpLoad.Run(system.Api, Connections, RoundTime, next));
            _took += Stopwatch.GetElapsedTime(start);
            _cpu += meter.Cpu - cpu;
        }

        public Row Rate() => new() { What = $"{name} a second", Value = PerSecond, Unit = "/s" };

        public Row CpuEach() => new() { What = $"{name}, processor time each", Value = CpuMicroseconds, Unit = "us" };
    }
}
