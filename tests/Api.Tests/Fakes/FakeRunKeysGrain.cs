namespace Streams.Api.Tests;

public sealed class FakeRunKeysGrain : Grain, IRunKeysGrain
{
    public Task<bool> OpensOutput(StreamId streamId, string key) => Task.FromResult(FakeCluster.StandbyKeys.TryGetValue(streamId.Value, out (long Generation, string Key) standby) && standby.Key == key);

    public Task<bool> OpensSide(StreamId streamId, long generation, string key) =>
        Task.FromResult(FakeCluster.StandbyKeys.TryGetValue(streamId.Value, out (long Generation, string Key) standby) && standby == (generation, key));
}
