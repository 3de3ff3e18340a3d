namespace Streams.Api.Tests;

public sealed class FakeStreamGrain : Grain, IStreamGrain
{
    private string Key => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Cluster.Activated[Key] = true;
        return Task.CompletedTask;
    }

    public Task<EventReceipt> Take(SourceEvent sourceEvent) => Cluster.Receive(Key, sourceEvent);

    public Task<StreamStatus?> GetStatus() =>
        Cluster.Statuses.TryGetValue(Key, out Func<Task<StreamStatus?>>? status) ? status() : Task.FromResult<StreamStatus?>(null);

    public Task<CommandReceipt> Command(StreamCommand command, CallOrigin origin) => Obey(command.ToString(), origin);

    public Task<CommandReceipt> ChooseProfile(string? profile, CallOrigin origin) => Obey($"Profile {profile ?? "of the configuration"}", origin);

    public Task<bool> HoldsRunKey(string key) => Cluster.RunKeys.TryGetValue(Key, out Func<string, Task<bool>>? isKey) ? isKey(key) : Task.FromResult(false);

    public async Task<CommandReceipt> Drop()
    {
        Cluster.Orders.GetOrAdd(Key, static _ => new()).Enqueue(("Drop", CallOrigin.Unknown));
        return new CommandReceipt(await GetStatus(), Cluster.Refusals.GetValueOrDefault(Key));
    }

    private async Task<CommandReceipt> Obey(string order, CallOrigin origin)
    {
        Cluster.Orders.GetOrAdd(Key, static _ => new()).Enqueue((order, origin));
        return Cluster.Receipts.GetValueOrDefault(Key) ?? new CommandReceipt(await GetStatus(), Cluster.Refusals.GetValueOrDefault(Key));
    }
}
