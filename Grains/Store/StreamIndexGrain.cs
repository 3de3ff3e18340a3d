using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Streams.Grains.Store;

/// <summary>Answers queries about known streams from the store. Reentrant: the store limits concurrency.</summary>
[StatelessWorker(1), Reentrant]
internal sealed class StreamIndexGrain(IStreamStore store, HistoryLog histories, StoreWatch watch) : Grain, IStreamIndexGrain
{
    /// <summary>How long a query for a history waits for its latest rows to be written.</summary>
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(1);

    public Task<StreamListPage> List(StreamListQuery query) => store.List(query, CancellationToken.None);

    public Task<ImmutableArray<PhaseCount>> Count(string search) => store.Count(search, CancellationToken.None);

    public async Task<bool> Exists(StreamId streamId) => await store.Read(streamId) is not null;

    public async Task<StreamHistory?> GetHistory(StreamId streamId)
    {
        if (!await Exists(streamId))
        {
            return null;
        }

        using CancellationTokenSource limit = new(FlushTimeout);
        try
        {
            await histories.Flush(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The store is slow: return the history without its latest rows.
        }

        return HistoryRows.Read(await store.ReadHistory(streamId, CancellationToken.None));
    }

    public Task<StoreReport> GetStore() => Task.FromResult(watch.Report);
}
