using System.Collections.Immutable;

namespace Streams.Grains.Store;

/// <summary>
/// The store of streams: one row for each stream, which is also its line in the list, and the rows of its history. Thread-safe. Every method
/// throws <see cref="StoreUnavailableException"/> with the store's own reason when the store cannot be used; whether a failed write took effect
/// is then unknown.
/// </summary>
public interface IStreamStore
{
    /// <summary>The kind of store and its location, without credentials.</summary>
    string Name { get; }

    /// <summary>Of a store that belongs to one silo: when the silo before this one was last there, to a few seconds. Null when there was none, or others share the store.</summary>
    DateTimeOffset? FormerlyUsedAt => null;

    /// <summary>Reads a stream's row; null when none is saved.</summary>
    Task<StreamRow?> Read(StreamId id);

    /// <summary>Saves a row over its previous version (<see cref="StreamRow.Version"/> - 1; 0 for none), and returns once it is durable.</summary>
    /// <exception cref="Orleans.Storage.InconsistentStateException">Another version is saved.</exception>
    Task Write(StreamRow row);

    /// <summary>Removes a stream and its history, regardless of its version. False when there is none.</summary>
    Task<bool> Drop(StreamId id);

    /// <summary>A page of the known streams.</summary>
    Task<StreamListPage> List(StreamListQuery query, CancellationToken cancellationToken);

    /// <summary>The number of streams in each phase; phases without streams are left out.</summary>
    /// <param name="search">A part of the id; empty for all streams.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<ImmutableArray<PhaseCount>> Count(string search, CancellationToken cancellationToken);

    /// <summary>Every stream that is live or not <see cref="StreamPhase.Offline"/>, sorted by id.</summary>
    Task<ImmutableArray<StreamEntry>> ListActive(CancellationToken cancellationToken);

    /// <summary>
    /// Removes the streams that have been offline longest, with their histories, until at most <paramref name="maxOffline"/> are left that are
    /// neither live nor kept. Each call removes a bounded number.
    /// </summary>
    /// <returns>How many it removed; 0 when none are left to remove.</returns>
    Task<int> Forget(int maxOffline, CancellationToken cancellationToken);

    /// <summary>
    /// Adds rows to histories, in order, and removes rows beyond <see cref="HistoryRow.MaxRows"/> of a kind. Rows of streams that are not saved
    /// are left out.
    /// </summary>
    Task AppendHistory(IReadOnlyList<HistoryRow> rows);

    /// <summary>A stream's history rows, oldest first.</summary>
    Task<ImmutableArray<HistoryRow>> ReadHistory(StreamId id, CancellationToken cancellationToken);

    /// <summary>Checks that the store can be written, and that another process could read the result. Returns when it can.</summary>
    Task Check(CancellationToken cancellationToken);
}
