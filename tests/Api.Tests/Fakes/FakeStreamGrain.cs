namespace Streams.Api.Tests;

public sealed class FakeStreamGrain : Grain, IStreamGrain
{
    public Task<EventReceipt> Take(SourceEvent sourceEvent) => Cluster.Take(this.GetPrimaryKeyString(), sourceEvent);

    public Task<StreamStatus?> GetStatus() =>
        Cluster.Statuses.TryGetValue(this.GetPrimaryKeyString(), out Func<Task<StreamStatus?>>? status)
            ? status()
            : Task.FromResult<StreamStatus?>(null);

    public async Task<StreamStatus> Command(StreamCommand command)
    {
        Cluster.Commands.GetOrAdd(this.GetPrimaryKeyString(), static _ => new()).Enqueue(command);
        return (await GetStatus())!;
    }

    public Task<StreamStatus> ChooseProfile(string? profile) => throw new NotSupportedException();

    public Task<StreamHistory?> GetHistory() => Task.FromResult(Cluster.Histories.GetValueOrDefault(this.GetPrimaryKeyString()));
}
