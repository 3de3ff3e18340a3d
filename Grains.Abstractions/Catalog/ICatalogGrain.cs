using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Streams;

/// <summary>All streams that are remembered, with their phases. There is one, with the key <see cref="Key"/>.</summary>
[Alias("Streams.ICatalogGrain")]
public interface ICatalogGrain : IGrainWithIntegerKey
{
    /// <summary>The key of the only catalog.</summary>
    const long Key = 0;

    /// <summary>Notes what streams are now; what came later wins.</summary>
    [Alias("Note")]
    Task Note(ImmutableArray<StreamEntry> entries);

    /// <summary>All streams, in order of their ids.</summary>
    [Alias("List"), AlwaysInterleave, ReadOnly]
    Task<ImmutableArray<StreamEntry>> List();
}
