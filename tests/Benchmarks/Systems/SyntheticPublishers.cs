using Streams.Testing;

namespace Streams.Benchmarks;

/// <summary>The stand-in's own publishers, which cost nothing.</summary>
internal sealed class SyntheticPublishers(StreamsSystem system) : IPublishers
{
    private readonly Fleet _fleet = new(system, "again");

    public bool Has(string id) => _fleet.Has(id);

    public Task Start(int count) => _fleet.GrowTo(count);

    public Task ComeAgain() => _fleet.PublishAgain();
}
