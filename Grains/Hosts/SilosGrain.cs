using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Streams.Grains.Hosts;

/// <summary>Carries out what operators order of silos.</summary>
[StatelessWorker, Reentrant]
internal sealed class SilosGrain(WorkerHostClient client, WorkerHosts hosts, TimeProvider time) : Grain, ISilosGrain
{
    /// <summary>How long the silo has to answer.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    public async Task<DrainReceipt> Drain(string name)
    {
        ImmutableArray<SiloReport> silos = await GrainFactory.GetGrain<IFeedGrain>(IFeedGrain.Key).GetSilos();
        ImmutableArray<string> known = [.. silos.Select(static silo => silo.Name)];
        if (silos.FirstOrDefault(silo => silo.Name == name || silo.Address == name) is not { } found)
        {
            return new DrainReceipt(null, known);
        }

        if (silos.Count(silo => silo.Name == found.Name) > 1 && found.Address != name)
        {
            return new DrainReceipt(found, known, $"Several silos have the name {name}: name one by its address.");
        }

        if (!hosts.AreSeveral)
        {
            return new DrainReceipt(found, known, "It is the only silo: no other can take its workers. End it with SIGTERM.");
        }

        if (WorkerHosts.ParsableName(found.Address) is not { } address)
        {
            return new DrainReceipt(found, known, $"{found.Address} is no address of a silo.");
        }

        await client.Of(SiloAddress.FromParsableString(address)).Drain().WaitAsync(AnswerLimit, time);
        return new DrainReceipt(found, known);
    }
}
