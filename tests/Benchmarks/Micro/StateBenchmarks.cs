using BenchmarkDotNet.Attributes;
using Streams.Silo.Storage;

namespace Streams.Benchmarks;

/// <summary>States as they are saved.</summary>
public class StateBenchmarks
{
    private readonly StreamState _state = SampleStates.Running;
    private readonly string _saved = StateJson.Write(SampleStates.Running);
    private readonly CatalogState _catalog = new()
    {
        Entries = [.. Enumerable.Range(0, 10_000).Select(static number => new StreamEntry(StreamId.Parse($"known-{number:00000}"), StreamPhase.Offline, DateTimeOffset.UnixEpoch, 1))],
    };

    [Benchmark(Description = "state: write a stream's")]
    public string Write() => StateJson.Write(_state);

    [Benchmark(Description = "state: read a stream's")]
    public object Read() => StateJson.Read<StreamState>(_saved);

    [Benchmark(Description = "state: write a catalog of 10,000")]
    public string WriteCatalog() => StateJson.Write(_catalog);
}
