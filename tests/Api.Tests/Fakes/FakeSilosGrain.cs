namespace Streams.Api.Tests;

/// <summary>Answers a drain as a test put it into <see cref="FakeCluster.Drains"/>.</summary>
public sealed class FakeSilosGrain : Grain, ISilosGrain
{
    public Task<DrainReceipt> Drain(string name) => Task.FromResult(FakeCluster.Drains.GetValueOrDefault(name) ?? new DrainReceipt(null, []));
}
