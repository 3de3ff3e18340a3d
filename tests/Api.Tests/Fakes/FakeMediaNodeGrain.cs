namespace Streams.Api.Tests;

public sealed class FakeMediaNodeGrain : Grain, IMediaNodeGrain
{
    public Task Watch() => throw new NotSupportedException("The API only asks.");

    public Task WatchClosely() => throw new NotSupportedException("The API only asks.");

    public Task<MediaNodeStatus> GetStatus() => Task.FromResult(FakeCluster.Nodes.GetValueOrDefault(this.GetPrimaryKeyString(), FakeCluster.Node));
}
