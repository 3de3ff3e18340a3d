namespace Streams.Benchmarks;

/// <summary>All that is measured, in the order of the page.</summary>
internal static class All
{
    public static IReadOnlyList<IBenchmark> Benchmarks { get; } =
    [
        new HookBenchmark(),
        new StartBenchmark(),
        new EventsBenchmark(),
        new StatusBenchmark(),
        new KnownBenchmark(),
        new MemoryBenchmark(),
        new RecoveryBenchmark(),
        new MediaRestartBenchmark(),
        new FeedBenchmark(),
        new DoorBenchmark(),
        new MicroBenchmark(),
    ];
}
