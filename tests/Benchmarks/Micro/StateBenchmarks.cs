using BenchmarkDotNet.Attributes;
using Streams.Silo.Storage;

namespace Streams.Benchmarks;

/// <summary>States as they are saved.</summary>
public class StateBenchmarks : IDisposable
{
    private const int Together = 64;

    private readonly StreamState _state = SampleStates.Running;
    private readonly string _saved = StateJson.Write(SampleStates.Running);
    private readonly CatalogState _catalog = new()
    {
        Entries = [.. Enumerable.Range(0, 10_000).Select(static number => new StreamEntry(StreamId.Parse($"known-{number:00000}"), StreamPhase.Offline, DateTimeOffset.UnixEpoch, 1))],
    };

    private string _folder = "";
    private SqliteDatabase _database = null!;
    private long _version;
    private long _versionOfMany;

    /// <summary>Opens a file of states.</summary>
    [GlobalSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("streams-bench-").FullName;
        _database = new SqliteDatabase(Path.Combine(_folder, "streams.db"));
    }

    /// <summary>Removes it.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Description = "state: save a stream's, alone in its transaction")]
    public async Task Save() => _version = await _database.Write("stream", _version, _saved);

    [Benchmark(Description = "state: save one of 64 streams' that are saved together", OperationsPerInvoke = Together)]
    public async Task SaveTogether()
    {
        long version = _versionOfMany++;
        await Task.WhenAll(Enumerable.Range(0, Together).Select(number => _database.Write($"stream-{number}", version, _saved)));
    }

    [Benchmark(Description = "state: write a stream's")]
    public string Write() => StateJson.Write(_state);

    [Benchmark(Description = "state: read a stream's")]
    public object Read() => StateJson.Read<StreamState>(_saved);

    [Benchmark(Description = "state: write a catalog of 10,000")]
    public string WriteCatalog() => StateJson.Write(_catalog);
}
