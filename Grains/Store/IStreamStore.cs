using System.Collections.Immutable;

namespace Streams.Grains.Store;

/// <summary>
/// Where streams are saved: one row for each, which is also its line in the list, and the rows of its history. Every method may be called
/// by several threads; each throws <see cref="StoreUnavailableException"/> with the store's own reason when it cannot do its work.
/// After a write that failed so, it is unknown whether it took effect.
/// </summary>
public interface IStreamStore
{
    /// <summary>What it is and where, without credentials.</summary>
    string Name { get; }

    /// <summary>A stream's row, or null when none is saved.</summary>
    Task<StreamRow?> Read(StreamId id);

    /// <summary>Saves a row over the version before it (<see cref="StreamRow.Version"/> less one; 0: none), and waits until it is safe.</summary>
    /// <exception cref="Orleans.Storage.InconsistentStateException">Another version is saved.</exception>
    Task Write(StreamRow row);

    /// <summary>Removes a stream and its history, whatever its version. False when there is none.</summary>
    Task<bool> Drop(StreamId id);

    /// <summary>A page of the known streams.</summary>
    Task<StreamListPage> List(StreamListQuery query, CancellationToken cancellationToken);

    /// <summary>How many are in each phase; phases without streams are left out.</summary>
    /// <param name="search">Only those with this in their id; all when it is empty.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<ImmutableArray<PhaseCount>> Count(string search, CancellationToken cancellationToken);

    /// <summary>Every stream that is live or not <see cref="StreamPhase.Offline"/>, in order of their ids.</summary>
    Task<ImmutableArray<StreamEntry>> ListActive(CancellationToken cancellationToken);

    /// <summary>
    /// Forgets the streams that were offline for longest, with their histories, until so many of those are left that are neither live nor kept.
    /// It does a bounded part at once.
    /// </summary>
    /// <returns>How many it forgot; the bound when there may be more.</returns>
    Task<int> Forget(int maxOffline, CancellationToken cancellationToken);

    /// <summary>
    /// Adds rows to histories, in order, and removes what goes beyond <see cref="HistoryRow.MaxRows"/> of a kind. Rows of streams that are not
    /// saved are left out.
    /// </summary>
    Task AppendHistory(IReadOnlyList<HistoryRow> rows);

    /// <summary>A stream's history rows, oldest first.</summary>
    Task<ImmutableArray<HistoryRow>> ReadHistory(StreamId id, CancellationToken cancellationToken);

    /// <summary>Proves that what is written can be read again by whoever opens the store next. Returns when it can.</summary>
    Task Check(CancellationToken cancellationToken);
}
