using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Streams.Api.Door;
using Streams.Api.Hosting;
using Streams.Api.Logging;
using Xunit;

namespace Streams.Api.Tests.Door;

/// <summary>Which connections are closed, by address, age and authentication.</summary>
public sealed class FrontDoorTests : IDisposable
{
    private static readonly IPAddress Here = IPAddress.Loopback;
    private static readonly FrontDoorLimits Limits = new(PerAddress: 4, Strangers: 12, Known: 3, Reserve: 2);

    private readonly FakeTimeProvider _time = new();
    private readonly LogCapture _logs = new();
    private readonly HashSet<DoorConnection> _closed = [];
    private readonly RefusalLog _refusals;
    private readonly FrontDoor _door;

    public FrontDoorTests()
    {
        LoggerFactory loggers = new([_logs]);
        _refusals = new RefusalLog(_time, loggers.CreateLogger<RefusalLog>());
        _door = new FrontDoor(Limits, new Proxies(), _refusals, _time, loggers.CreateLogger<FrontDoor>());
    }

    public void Dispose()
    {
        _door.Dispose();
        _refusals.Dispose();
    }

    [Fact]
    public void A_newcomer_takes_the_place_of_the_oldest_that_waits_at_its_address()
    {
        DoorConnection[] waiting = Enter(Here, 4);
        DoorConnection elsewhere = Enter(IPAddress.Parse("127.0.0.2"));
        _time.Advance(Limits.Grace);
        DoorConnection late = Enter(Here);
        Assert.Equal([waiting[0]], _closed);
        Assert.DoesNotContain(late, _closed);
        Assert.DoesNotContain(elsewhere, _closed);
        Assert.Equal((5, 0), _door.Count);
    }

    [Fact]
    public void Who_has_just_come_may_speak_before_it_counts_as_one_too_many()
    {
        DoorConnection[] burst = Enter(Here, 10);
        Assert.Empty(_closed);
        _door.BeginRequest(burst[0], isKnown: true, isReserved: true);
        _time.Advance(Limits.Grace + TimeSpan.FromSeconds(1));
        Assert.Equal(burst[1..6], _closed);
        Assert.Equal((4, 1), _door.Count);
    }

    [Fact]
    public void However_many_come_from_however_many_addresses_a_newcomer_has_a_place_and_the_total_is_bounded()
    {
        for (int i = 0; i < 400; i++)
        {
            IPAddress address = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.0.0.{1 + (i % 200)}"));
            DoorConnection attacker = Enter(address);
            DoorConnection hook = Enter(Here);
            Assert.True(_door.BeginRequest(hook, isKnown: true, isReserved: true));
            Assert.DoesNotContain(hook, _closed);
            Assert.DoesNotContain(attacker, _closed);
            Leave(hook);
            Assert.InRange(_door.Count.Strangers, 1, Limits.Strangers);
            Assert.Equal(0, _door.Count.Known);
        }
    }

    [Fact]
    public void Among_all_the_address_with_most_gives_up_a_place()
    {
        DoorConnection single = Enter(Here);
        DoorConnection[] many = Enter(IPAddress.Parse("10.0.0.1"), 11);
        Enter(IPAddress.Parse("10.0.0.2"));
        Assert.Equal([many[0]], _closed);
        Assert.DoesNotContain(single, _closed);
    }

    [Fact]
    public void What_waits_is_given_up_before_what_is_idle_and_that_before_what_is_answered()
    {
        DoorConnection[] some = Enter(Here, 4);
        Array.ForEach(some[..3], one => _door.BeginRequest(one, isKnown: false, isReserved: false));
        _door.EndRequest(some[0]);
        _time.Advance(Limits.Grace);
        Enter(Here);
        Assert.Equal([some[3]], _closed);
        Enter(Here);
        Assert.Equal([some[3], some[0]], _closed);
        Enter(Here);
        Assert.Equal([some[3], some[0], some[1]], _closed);
    }

    [Fact]
    public void Without_a_request_within_ten_seconds_a_connection_is_closed_and_no_line_says_so()
    {
        DoorConnection silent = Enter(Here);
        DoorConnection asked = Enter(Here);
        _door.BeginRequest(asked, isKnown: false, isReserved: false);
        _door.EndRequest(asked);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(_closed);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([silent], _closed);
        Assert.Empty(_logs.Lines);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.1", "::ffff:10.0.0.2", false)]
    public void Of_IPv6_a_network_counts_as_one_address_and_mapped_IPv4_as_IPv4(string one, string other, bool isSame)
    {
        Enter(IPAddress.Parse(one), 4);
        _time.Advance(Limits.Grace);
        Enter(IPAddress.Parse(other));
        Assert.Equal(isSame ? 1 : 0, _closed.Count);
    }

    [Fact]
    public void Known_callers_of_one_address_are_not_cut_down_to_what_strangers_may_have()
    {
        FrontDoorLimits roomy = Limits with { Known = 500 };
        using FrontDoor door = new(roomy, new NoTrustedProxies(), _refusals, _time, new LoggerFactory([_logs]).CreateLogger<FrontDoor>());
        for (int i = 0; i < 500; i++)
        {
            DoorConnection client = door.Enter(Here, static () => Assert.Fail("closed"))!;
            Assert.True(door.BeginRequest(client, isKnown: true, isReserved: false));
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((0, 500), door.Count);
    }

    [Fact]
    public void Of_too_many_known_callers_an_idle_one_goes_and_without_any_only_reserved_requests_have_a_place()
    {
        DoorConnection[] busy = Enter(Here, 3);
        Assert.All(busy, one => Assert.True(_door.BeginRequest(one, isKnown: true, isReserved: false)));
        DoorConnection[] more = Enter(IPAddress.Parse("10.0.0.1"), 4);
        Assert.False(_door.BeginRequest(more[0], isKnown: true, isReserved: false));
        Assert.True(_door.BeginRequest(more[1], isKnown: true, isReserved: true));
        Assert.True(_door.BeginRequest(more[2], isKnown: true, isReserved: true));
        Assert.False(_door.BeginRequest(more[3], isKnown: true, isReserved: true));
        Assert.Empty(_closed);
        _door.EndRequest(busy[1]);
        Assert.True(_door.BeginRequest(more[3], isKnown: true, isReserved: true));
        Assert.Equal([busy[1]], _closed);
        Assert.InRange(_door.Count.Known, 0, Limits.Known + Limits.Reserve);
    }

    [Fact]
    public void A_trusted_proxy_may_have_more_than_one_address_may_but_not_more_than_there_are_places()
    {
        Enter(Proxies.Address, 3);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_closed);
        DoorConnection[] all = [.. Enumerable.Range(0, 3).Select(_ => Enter(Proxies.Address))];
        Assert.Equal(3, _closed.Count);
        Assert.All(all, one => _door.BeginRequest(one, isKnown: false, isReserved: false));
        Assert.Null(_door.Enter(Proxies.Address, static () => { }));
        Leave(all[0]);
        Assert.NotNull(_door.Enter(Proxies.Address, static () => { }));
    }

    [Fact]
    public void Closed_connections_are_a_bounded_number_of_lines()
    {
        for (int i = 0; i < 200; i++)
        {
            Enter(Here);
        }

        Assert.Equal(RefusalLog.PerMinute, _logs.Lines.Count(static line => line.Id == 1751));
        _time.Advance(TimeSpan.FromMinutes(1));
        LogLine sum = Assert.Single(_logs.Lines, static line => line.Id == 1741);
        Assert.Equal("Connection", sum.Fields["Kind"]);
        Assert.Equal($"{_closed.Count - RefusalLog.PerMinute - 4}", sum.Fields["Count"]); // Four were silent for too long.
    }

    private DoorConnection[] Enter(IPAddress address, int count) => [.. Enumerable.Range(0, count).Select(_ => Enter(address))];

    private DoorConnection Enter(IPAddress address)
    {
        DoorConnection? connection = null;
        connection = _door.Enter(address, () =>
        {
            _closed.Add(connection!);
            _door.Leave(connection!);
        })!;
        _time.Advance(TimeSpan.FromMilliseconds(1));
        return connection;
    }

    private void Leave(DoorConnection connection) => _door.Leave(connection);

    private sealed class Proxies : ITrustedProxies
    {
        public static readonly IPAddress Address = IPAddress.Parse("192.0.2.7");

        public bool Contains(IPAddress address) => address.Equals(Address);
    }
}
