using BenchmarkDotNet.Attributes;
using Streams.Silo.Storage.Sqlite;

namespace Streams.Benchmarks.Micro;

/// <summary>Serialization and saving of stream states.</summary>
public class StateBenchmarks : IDisposable
{
    private const int Together = 64;

    private readonly StreamState _state = SampleStates.Running;
    private readonly string _saved = StateJson.Write(SampleStates.Running);
    private string _folder = "";
    private SqliteStreamStore _store = null!;
    private long _version;
    private long _versionOfMany;

    /// <summary>Creates a store.</summary>
    [GlobalSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("streams-bench-").FullName;
        _store = new SqliteStreamStore(Path.Combine(_folder, "streams.db"), TimeProvider.System);
    }

    /// <summary>Removes it.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Description = "state: save a stream's, alone in its transaction")]
    public Task Save() => _store.Write(StreamRows.Of(StreamId.Parse("stream"), ++_version, _state));

    [Benchmark(Description = "state: save one of 64 streams' that are saved together", OperationsPerInvoke = Together)]
    public async Task SaveTogether()
    {
        long version = ++_versionOfMany;
        await Task.WhenAll(Enumerable.Range(0, Together).Select(number => _store.Write(StreamRows.Of(StreamId.Parse($"stream-{number}"), version, _state))));
    }

    [Benchmark(Description = "state: write a stream's")]
    public string Write() => StateJson.Write(_state);

    [Benchmark(Description = "state: read a stream's")]
    public object Read() => StateJson.Read<StreamState>(_saved);
}
