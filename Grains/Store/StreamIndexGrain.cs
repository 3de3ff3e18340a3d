using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Streams.Grains.Store;

/// <summary>Answers from the store. Many questions at once: the store bounds them.</summary>
[StatelessWorker(1), Reentrant]
internal sealed class StreamIndexGrain(IStreamStore store, HistoryLog histories, StoreWatch watch) : Grain, IStreamIndexGrain
{
    /// <summary>A history is read without its last lines rather than late.</summary>
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(1);

    public Task<StreamListPage> List(StreamListQuery query) => store.List(query, CancellationToken.None);

    public Task<ImmutableArray<PhaseCount>> Count(string search) => store.Count(search, CancellationToken.None);

    public async Task<bool> Exists(StreamId streamId) => await store.Read(streamId) is not null;

    public async Task<StreamHistory?> GetHistory(StreamId streamId)
    {
        if (!await Exists(streamId))
        {
            return null;
        }

        using CancellationTokenSource limit = new(FlushLimit);
        try
        {
            await histories.Flush(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The store is slow: what it has is better than nothing.
        }

        return HistoryRows.Read(await store.ReadHistory(streamId, CancellationToken.None));
    }

    public Task<StoreReport> GetStore() => Task.FromResult(watch.Report);
}
