using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Streams;

/// <summary>
/// The list of all known streams: search, filter, sort, page and count, as the store answers them. It wakes no stream. The key is
/// <see cref="Key"/>; each silo answers for itself, from the store that all share.
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

    /// <summary>How many of the known streams are in each phase; phases without streams are left out.</summary>
    /// <param name="search">Only streams with this in their id; all when it is empty.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read; the message says why.</exception>
    [Alias("Count"), AlwaysInterleave, ReadOnly]
    Task<ImmutableArray<PhaseCount>> Count(string search);

    /// <summary>
    /// Whether anything is saved of a stream. It exists as soon as its first event was answered, since that is saved before the answer.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read; the message says why.</exception>
    [Alias("Exists"), AlwaysInterleave, ReadOnly]
    Task<bool> Exists(StreamId streamId);

    /// <summary>What happened to a stream, or null for one that never existed.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read; the message says why.</exception>
    [Alias("GetHistory"), AlwaysInterleave, ReadOnly]
    Task<StreamHistory?> GetHistory(StreamId streamId);

    /// <summary>How the store is, as the silo that answers sees it.</summary>
    [Alias("GetStore"), AlwaysInterleave, ReadOnly]
    Task<StoreReport> GetStore();
}

/// <summary>How the store is.</summary>
[GenerateSerializer, Immutable, Alias("Streams.StoreReport")]
public sealed record StoreReport
{
    /// <summary>What it is and where, without credentials: for example <c>SQLite, /var/lib/streams/streams.db</c>.</summary>
    [Id(0)] public required string Store { get; init; }

    /// <summary>Why it cannot be used, with the store's own reason; null while it can.</summary>
    [Id(1)] public string? Problem { get; init; }

    /// <summary>Since when it is so.</summary>
    [Id(2)] public required DateTimeOffset Since { get; init; }
}
