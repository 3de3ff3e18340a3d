using CsCheck;
using Xunit;

namespace Streams.Grains.Tests.Hosts;

public sealed class WorkerPlacementTests
{
    private static readonly Gen<HostCapacity> Host =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 20], Gen.Int[0, 25]).Select(static (name, max, used) => new HostCapacity($"10.0.0.{name}:11111@{name}", max, used));

    private static readonly Gen<HostCapacity[]> Hosts = Host.Array[0, 8].Select(static hosts => hosts.DistinctBy(static host => host.Name).ToArray());

    private static readonly Gen<StreamId> Id = Gen.String[Gen.Char.AlphaNumeric, 1, 20].Select(StreamId.Parse);

    [Fact]
    public void A_host_with_room_is_chosen_before_one_without_and_one_that_carries_none_never() => Gen.Select(Hosts, Id).Sample(static (hosts, id) =>
    {
        HostCapacity? chosen = hosts.SingleOrDefault(host => host.Name == WorkerPlacement.Choose(hosts, id));
        HostCapacity[] able = [.. hosts.Where(static host => host.MaxWorkers > 0)];
        HostCapacity[] free = [.. able.Where(static host => host.Used < host.MaxWorkers)];
        return chosen is null
            ? able.Length == 0
            : able.Contains(chosen) && (free.Length == 0 || (free.Contains(chosen) && chosen.Used == free.Min(static host => host.Used)));
    });

    [Fact]
    public void The_order_of_the_hosts_does_not_matter() => Gen.Select(Hosts, Id, Gen.Int).Sample(static (hosts, id, seed) =>
    {
        HostCapacity[] shuffled = [.. hosts];
        new Random(seed).Shuffle(shuffled);
        return WorkerPlacement.Choose(hosts, id) == WorkerPlacement.Choose(shuffled, id);
    });

    [Fact]
    public void A_thousand_streams_over_ten_hosts_are_within_one_of_even()
    {
        Dictionary<string, int> used = Enumerable.Range(0, 10).ToDictionary(static number => $"10.0.0.{number}:11111@1", static _ => 0);
        for (int stream = 0; stream < 1000; stream++)
        {
            used[WorkerPlacement.Choose([.. used.Select(static host => new HostCapacity(host.Key, 200, host.Value))], StreamId.Parse($"s{stream}"))!]++;
        }

        Assert.All(used.Values, static count => Assert.InRange(count, 99, 101));
    }

    [Fact]
    public void A_stream_that_starts_again_stays_where_it_was_if_hosts_are_equal()
    {
        HostCapacity[] equal = [.. Enumerable.Range(0, 5).Select(static number => new HostCapacity($"10.0.0.{number}:11111@1", 10, 3))];
        string[] chosen = [.. Enumerable.Range(0, 500).Select(number => WorkerPlacement.Choose(equal, StreamId.Parse($"s{number}"))!)];
        Assert.Equal(chosen, Enumerable.Range(0, 500).Select(number => WorkerPlacement.Choose(equal, StreamId.Parse($"s{number}"))!));
        Assert.All(chosen.GroupBy(static name => name), static share => Assert.InRange(share.Count(), 50, 150)); // Each gets about a fifth.
        Assert.Equal(5, chosen.Distinct().Count());
    }
}
