using System.Collections.Immutable;

namespace Streams.Api.Tests;

public sealed class FakeCatalogGrain : Grain, ICatalogGrain
{
    public Task Note(ImmutableArray<StreamEntry> entries) => throw new NotSupportedException("The API only reads the catalog.");

    public Task<ImmutableArray<StreamEntry>> List() => Cluster.List();
}
