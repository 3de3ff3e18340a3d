using Streams.Benchmarks.Macro;
using Streams.Benchmarks.Micro;
using Streams.Benchmarks.Systems;

namespace Streams.Benchmarks;

/// <summary>All benchmarks, in the order of the page of results.</summary>
internal static class All
{
    public static IReadOnlyList<IBenchmark> Benchmarks { get; } =
    [
        new HookBenchmark(),
        new StartBenchmark(),
        new EventsBenchmark(BenchStore.Sqlite),
        new EventsBenchmark(BenchStore.Postgres),
        new StatusBenchmark(),
        new KnownBenchmark(BenchStore.Sqlite),
        new KnownBenchmark(BenchStore.Postgres),
        new MemoryBenchmark(),
        new RecoveryBenchmark(),
        new MediaRestartBenchmark(),
        new ClusterBenchmark(),
        new FeedBenchmark(),
        new DoorBenchmark(),
        new MicroBenchmark(),
    ];
}
