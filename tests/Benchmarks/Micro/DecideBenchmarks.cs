using BenchmarkDotNet.Attributes;

namespace Streams.Benchmarks.Micro;

/// <summary>The most frequent decisions of the stream machine.</summary>
public class DecideBenchmarks
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(60);

    private readonly StreamMachine _machine = new(new RetryPolicy(new RetryOptions()), new FallbackOptions());
    private readonly StreamState _offline = SampleStates.Used;
    private readonly StreamState _running = SampleStates.Running;
    private readonly StreamInput _ready = SampleStates.Ready("new");
    private readonly StreamInput _seen = new StreamInput.Observed(SampleStates.Running.Input, null, Now);
    private readonly StreamInput _exited = new StreamInput.WorkerExited(SampleStates.Running.Generation, "ffmpeg failed.", RetryHope.Soon, []);
    private StreamInput _repeated = null!;

    /// <summary>Prepares an event that the running stream has processed.</summary>
    [GlobalSetup]
    public void Prepare() => _repeated = SampleStates.Ready(SampleStates.Running.Input!.Id);

    [Benchmark(Description = "decide: a publisher comes")]
    public object Comes() => _machine.Decide(_offline, _ready, Now);

    [Benchmark(Description = "decide: told again")]
    public object Repeated() => _machine.Decide(_running, _repeated, Now);

    [Benchmark(Description = "decide: the poll sees what is known")]
    public object Seen() => _machine.Decide(_running, _seen, Now);

    [Benchmark(Description = "decide: the worker fails")]
    public object Fails() => _machine.Decide(_running, _exited, Now);
}
