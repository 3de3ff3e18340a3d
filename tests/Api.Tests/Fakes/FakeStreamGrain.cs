namespace Streams.Api.Tests;

public sealed class FakeStreamGrain : Grain, IStreamGrain
{
    private string Key => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        FakeCluster.Activated[Key] = true;
        return Task.CompletedTask;
    }

    public Task<EventReceipt> Receive(SourceEvent sourceEvent) => FakeCluster.Receive(Key, sourceEvent);

    public Task<StreamStatus?> GetStatus() =>
        FakeCluster.Statuses.TryGetValue(Key, out Func<Task<StreamStatus?>>? status) ? status() : Task.FromResult<StreamStatus?>(null);

    public Task<CommandReceipt> Command(StreamCommand command, CallOrigin origin) => ApplyOrder(command.ToString(), origin);

    public Task<CommandReceipt> ChooseProfile(string? profile, CallOrigin origin) => ApplyOrder($"Profile {profile ?? "of the configuration"}", origin);

    public Task<CommandReceipt> ChooseStandby(StandbyMode? mode, CallOrigin origin) => ApplyOrder($"Standby {mode?.ToString() ?? "of the profile"}", origin);

    public Task<bool> HoldsRunKey(string key, bool toPublish) => FakeCluster.RunKeys.TryGetValue(Key, out Func<string, Task<bool>>? isKey) ? isKey(key) : Task.FromResult(false);

    public async Task<CommandReceipt> Drop()
    {
        FakeCluster.Orders.GetOrAdd(Key, static _ => new()).Enqueue(("Drop", CallOrigin.Unknown));
        return new CommandReceipt(await GetStatus(), FakeCluster.Refusals.GetValueOrDefault(Key));
    }

    private async Task<CommandReceipt> ApplyOrder(string order, CallOrigin origin)
    {
        FakeCluster.Orders.GetOrAdd(Key, static _ => new()).Enqueue((order, origin));
        return FakeCluster.Receipts.GetValueOrDefault(Key) ?? new CommandReceipt(await GetStatus(), FakeCluster.Refusals.GetValueOrDefault(Key));
    }
}
