using CsCheck;
using Xunit;

namespace Streams.Grains.Tests.Hosts;

public sealed class WorkerPlacementTests
{
    private static readonly Gen<HostCapacity> Host =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 20], Gen.Int[0, 25]).Select(static (name, max, used) => WithProfile(new HostCapacity($"10.0.0.{name}:11111@{name}", max, used)));

    private static readonly Gen<HostCapacity[]> Hosts = Host.Array[0, 8].Select(static hosts => hosts.DistinctBy(static host => host.Name).ToArray());

    private static readonly Gen<StreamId> Id = Gen.String[Gen.Char.AlphaNumeric, 1, 20].Select(StreamId.Parse);

    [Fact]
    public void A_host_with_room_is_chosen_before_one_without_and_one_that_carries_none_never() => Gen.Select(Hosts, Id).Sample(static (hosts, id) =>
    {
        HostCapacity? chosen = hosts.SingleOrDefault(host => host.Name == WorkerPlacement.Choose(hosts, Run(id)));
        HostCapacity[] able = [.. hosts.Where(static host => host.MaxWorkers > 0)];
        HostCapacity[] free = [.. able.Where(static host => host.Used < host.MaxWorkers)];
        return chosen is null
            ? able.Length == 0
            : able.Contains(chosen) && (free.Length == 0 || (free.Contains(chosen) && chosen.Used == free.Min(static host => host.Used)));
    });

    [Fact]
    public void A_standby_is_never_where_the_present_run_is_and_only_where_a_slot_is_free() => Gen.Select(Hosts, Id, Gen.Int[0, 7]).Sample(static (hosts, id, index) =>
    {
        string present = index < hosts.Length ? hosts[index].Name : "elsewhere";
        HostCapacity? chosen = hosts.SingleOrDefault(host => host.Name == WorkerPlacement.ChooseStandby(hosts, Run(id), present));
        HostCapacity[] free = [.. hosts.Where(host => host.Name != present && host.Used < host.MaxWorkers)];
        return chosen is null ? free.Length == 0 : free.Contains(chosen);
    });

    [Fact]
    public void A_run_goes_where_a_slot_is_free_else_where_a_standby_makes_room_and_else_where_the_queue_is_shortest()
    {
        HostCapacity queue = WithProfile(new HostCapacity("10.0.0.1:1@1", 5, 5));
        HostCapacity spare = WithProfile(new HostCapacity("10.0.0.2:1@1", 5, 6)) with { Spare = 2 };
        HostCapacity free = WithProfile(new HostCapacity("10.0.0.3:1@1", 5, 4));
        Assert.Equal(free.Name, WorkerPlacement.Choose([queue, spare, free], Run(StreamId.Parse("s"))));
        Assert.Equal(spare.Name, WorkerPlacement.Choose([queue, spare], Run(StreamId.Parse("s"))));
        Assert.Equal(queue.Name, WorkerPlacement.Choose([queue, spare with { Spare = 1 }], Run(StreamId.Parse("s"))));
    }

    [Fact]
    public void The_order_of_the_hosts_does_not_matter() => Gen.Select(Hosts, Id, Gen.Int).Sample(static (hosts, id, seed) =>
    {
        HostCapacity[] shuffled = [.. hosts];
        new Random(seed).Shuffle(shuffled);
        return WorkerPlacement.Choose(hosts, Run(id)) == WorkerPlacement.Choose(shuffled, Run(id));
    });

    [Fact]
    public void A_thousand_streams_over_ten_hosts_are_within_one_of_even()
    {
        Dictionary<string, int> used = Enumerable.Range(0, 10).ToDictionary(static number => $"10.0.0.{number}:11111@1", static _ => 0);
        for (int stream = 0; stream < 1000; stream++)
        {
            used[WorkerPlacement.Choose([.. used.Select(static host => WithProfile(new HostCapacity(host.Key, 200, host.Value)))], Run(StreamId.Parse($"s{stream}")))!]++;
        }

        Assert.All(used.Values, static count => Assert.InRange(count, 99, 101));
    }

    [Fact]
    public void A_stream_that_starts_again_stays_where_it_was_if_hosts_are_equal()
    {
        HostCapacity[] equal = [.. Enumerable.Range(0, 5).Select(static number => WithProfile(new HostCapacity($"10.0.0.{number}:11111@1", 10, 3)))];
        string[] chosen = [.. Enumerable.Range(0, 500).Select(number => WorkerPlacement.Choose(equal, Run(StreamId.Parse($"s{number}")))!)];
        Assert.Equal(chosen, Enumerable.Range(0, 500).Select(number => WorkerPlacement.Choose(equal, Run(StreamId.Parse($"s{number}")))!));
        Assert.All(chosen.GroupBy(static name => name), static share => Assert.InRange(share.Count(), 50, 150)); // Each gets about a fifth.
        Assert.Equal(5, chosen.Distinct().Count());
    }

    [Fact]
    public void A_run_of_many_slots_goes_where_they_are_free_and_one_that_takes_more_than_there_are_where_nothing_is()
    {
        HostCapacity[] hosts = [WithProfile(new HostCapacity("a", 10, 7)), WithProfile(new HostCapacity("b", 20, 15))];
        Assert.Equal("b", WorkerPlacement.Choose(hosts, Run(Demo) with { Slots = 5 }));
        Assert.Equal("a", WorkerPlacement.Choose(hosts, Run(Demo) with { Slots = 3 }));
        Assert.Equal("c", WorkerPlacement.Choose([.. hosts, WithProfile(new HostCapacity("c", 10, 0))], Run(Demo) with { Slots = 50 }));
    }

    [Fact]
    public void The_zone_of_the_media_server_is_preferred_while_it_has_room()
    {
        HostCapacity near = WithProfile(new HostCapacity("a", 10, 9)) with { Zone = "eu" };
        HostCapacity far = WithProfile(new HostCapacity("b", 10, 0)) with { Zone = "us" };
        Assert.Equal("a", WorkerPlacement.Choose([near, far], Run(Demo) with { Zone = "eu" }));
        Assert.Equal("b", WorkerPlacement.Choose([near with { Used = 10 }, far], Run(Demo) with { Zone = "eu" }));
        Assert.Equal("b", WorkerPlacement.Choose([near, far], Run(Demo)));
    }

    [Fact]
    public void A_host_that_has_the_profile_is_chosen_before_one_that_has_not() =>
        Assert.Equal("b", WorkerPlacement.Choose([new HostCapacity("a", 10, 0), WithProfile(new HostCapacity("b", 10, 10))], Run(Demo)));

    private static readonly StreamId Demo = StreamId.Parse("demo");

    private static RunNeeds Run(StreamId id) => new(id, "copy", 1, "");

    private static HostCapacity WithProfile(HostCapacity host) => host with { Profiles = ["copy"] };
}
