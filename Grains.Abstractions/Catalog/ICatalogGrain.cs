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

/// <summary>One line of the catalog.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Phase">Its phase.</param>
/// <param name="Since">When it entered the phase.</param>
/// <param name="Generation">The number of its latest worker run.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamEntry")]
public sealed record StreamEntry(
    [property: Id(0)] StreamId StreamId,
    [property: Id(1)] StreamPhase Phase,
    [property: Id(2)] DateTimeOffset Since,
    [property: Id(3)] long Generation)
{
    /// <summary>Whether somebody publishes its input or its output, as far as the stream knows.</summary>
    [Id(4)] public bool IsLive { get; init; }

    /// <summary>Whether an operator has stopped it or chosen its profile, which must not be forgotten.</summary>
    [Id(5)] public bool IsKept { get; init; }
}
