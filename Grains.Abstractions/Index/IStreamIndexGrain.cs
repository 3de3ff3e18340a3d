using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Streams;

/// <summary>
/// The list of all known streams: search, filter, sort, page and count, queried from the store. It activates no stream's grain. The key
/// is <see cref="Key"/>; each silo has its own activation, and all read the same store.
/// </summary>
[Alias("Streams.IStreamIndexGrain")]
public interface IStreamIndexGrain : IGrainWithIntegerKey
{
    /// <summary>The key.</summary>
    const long Key = 0;

    /// <summary>A page of the known streams.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read; the message says why.</exception>
    [Alias("List"), AlwaysInterleave, ReadOnly]
    Task<StreamListPage> List(StreamListQuery query);

    /// <summary>The number of known streams in each phase; phases without streams are left out.</summary>
    /// <param name="search">A part of the id; empty for all streams.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read; the message says why.</exception>
    [Alias("Count"), AlwaysInterleave, ReadOnly]
    Task<ImmutableArray<PhaseCount>> Count(string search);

    /// <summary>Whether a stream has a saved row. It has one as soon as its first event was answered, since the save comes before the answer.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read; the message says why.</exception>
    [Alias("Exists"), AlwaysInterleave, ReadOnly]
    Task<bool> Exists(StreamId streamId);

    /// <summary>The history of a stream, or null for one that never existed.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read; the message says why.</exception>
    [Alias("GetHistory"), AlwaysInterleave, ReadOnly]
    Task<StreamHistory?> GetHistory(StreamId streamId);

    /// <summary>The state of the store, as the answering silo sees it.</summary>
    [Alias("GetStore"), AlwaysInterleave, ReadOnly]
    Task<StoreReport> GetStore();
}

/// <summary>Whether the store can be used, and since when.</summary>
[GenerateSerializer, Immutable, Alias("Streams.StoreReport")]
public sealed record StoreReport
{
    /// <summary>The kind of store and its location, without credentials: for example <c>SQLite, /var/lib/streams/streams.db</c>.</summary>
    [Id(0)] public required string Store { get; init; }

    /// <summary>Why it cannot be used, with the store's own reason; null while it can.</summary>
    [Id(1)] public string? Problem { get; init; }

    /// <summary>Since when it has been usable or unusable.</summary>
    [Id(2)] public required DateTimeOffset Since { get; init; }
}
