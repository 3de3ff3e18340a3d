using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans.Storage;

namespace Streams.Grains.Tests.Cluster;

/// <summary>A store that forgets all with its process, and can be told to fail.</summary>
internal sealed class MemoryStreamStore : IStreamStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, StreamRow> _rows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<StreamId, ImmutableList<HistoryRow>> _histories = new();

    /// <summary>Why nothing can be read or written; null while all is well.</summary>
    public string? Outage { get; set; }

    /// <summary>Whether the next write takes effect and is then said to have failed.</summary>
    public bool LosesNextAnswer { get; set; }

    /// <summary>How long the rows of histories take to be written; an infinite time for ever.</summary>
    public TimeSpan HistoryTakes { get; set; }

    public string Name => "memory";

    public Task<StreamRow?> Read(StreamId id) => Do(() => _rows.GetValueOrDefault(id.Value));

    public Task Write(StreamRow row) => Do(() =>
    {
        if ((_rows.GetValueOrDefault(row.StreamId.Value)?.Version ?? 0) != row.Version - 1)
        {
            throw new InconsistentStateException("Another version is saved.");
        }

        _rows[row.StreamId.Value] = row;
        if (LosesNextAnswer)
        {
            LosesNextAnswer = false;
            throw new StoreUnavailableException("The answer was lost.");
        }

        return true;
    });

    /// <summary>Changes a row behind the back of its stream; null removes it.</summary>
    public void Set(StreamId id, Func<StreamRow, StreamRow?> change) => Do(() =>
    {
        if (change(_rows[id.Value]) is { } changed)
        {
            _rows[id.Value] = changed;
        }
        else
        {
            _rows.Remove(id.Value);
        }

        return true;
    }).GetAwaiter().GetResult();

    public Task<bool> Drop(StreamId id) => Do(() => _histories.TryRemove(id, out _) | _rows.Remove(id.Value));

    public Task<StreamListPage> List(StreamListQuery query, CancellationToken cancellationToken) => throw new NotSupportedException("Streams do not list.");

    public Task<ImmutableArray<PhaseCount>> Count(string search, CancellationToken cancellationToken) => throw new NotSupportedException("Streams do not count.");

    public Task<ImmutableArray<StreamEntry>> ListActive(CancellationToken cancellationToken) => Do(() => _rows.Values
        .Where(static row => row.IsLive || row.Phase != StreamPhase.Offline)
        .Select(static row => new StreamEntry(row.StreamId, row.Phase, new DateTimeOffset(row.SinceTicks, TimeSpan.Zero), row.Generation) { IsLive = row.IsLive, IsKept = row.IsKept, Node = row.Node })
        .ToImmutableArray());

    public Task<int> Forget(int maxOffline, CancellationToken cancellationToken) => Task.FromResult(0);

    public async Task AppendHistory(IReadOnlyList<HistoryRow> rows)
    {
        await Task.Delay(HistoryTakes);
        await Do(() =>
        {
            foreach (HistoryRow row in rows)
            {
                _histories[row.StreamId] = _histories.GetValueOrDefault(row.StreamId, []).Add(row);
            }

            return true;
        });
    }

    public Task<ImmutableArray<HistoryRow>> ReadHistory(StreamId id, CancellationToken cancellationToken) => Do(() => _histories.GetValueOrDefault(id, []).ToImmutableArray());

    public Task Check(CancellationToken cancellationToken) => Do(static () => true);

    private Task<T> Do<T>(Func<T> work)
    {
        try
        {
            lock (_lock)
            {
                return Outage is { } why ? throw new StoreUnavailableException(why) : Task.FromResult(work());
            }
        }
        catch (Exception failure)
        {
            return Task.FromException<T>(failure);
        }
    }
}
