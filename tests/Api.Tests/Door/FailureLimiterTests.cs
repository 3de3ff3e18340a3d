using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Streams.Api.Access;
using Streams.Api.Hosting;
using Xunit;

namespace Streams.Api.Tests.Door;

/// <summary>Limit of wrong secrets by address, and the bounds of what it remembers.</summary>
public sealed class FailureLimiterTests
{
    private static readonly IPAddress Guesser = IPAddress.Parse("10.0.0.1");

    private readonly FakeTimeProvider _time = new();
    private readonly FailureLimiter _limiter;

    public FailureLimiterTests() => _limiter = new FailureLimiter(10, _time);

    [Fact]
    public void Guesses_about_many_subjects_count_together()
    {
        TimeSpan?[] waits = [.. Enumerable.Range(0, 20_000).Select(number => _limiter.Fail(Guesser, Text(number), 1))];
        Assert.All(waits[..10], static wait => Assert.Null(wait));
        Assert.All(waits[10..], static wait => Assert.NotNull(wait));
        Assert.NotNull(_limiter.FindWait(Guesser, "another"));
        Assert.Equal(1, _limiter.Count);
    }

    [Fact]
    public void One_guess_that_is_repeated_blocks_its_subject_and_no_other()
    {
        TimeSpan?[] waits = [.. Enumerable.Range(0, 100).Select(_ => _limiter.Fail(Guesser, "old", 1))];
        Assert.Equal(10, waits.Count(static wait => wait is null));
        Assert.NotNull(_limiter.FindWait(Guesser, "old"));
        Assert.Null(_limiter.FindWait(Guesser, "new"));
        Assert.Equal(9, Enumerable.Range(0, 100).Count(number => _limiter.Fail(Guesser, "new", number) is null));
    }

    [Fact]
    public void An_address_is_listened_to_again_a_minute_after_its_first_failure()
    {
        _limiter.Fail(Guesser, "", 0);
        _time.Advance(TimeSpan.FromSeconds(20));
        for (int guess = 1; guess < 10; guess++)
        {
            Assert.Null(_limiter.Fail(Guesser, "", guess));
        }

        Assert.Equal(TimeSpan.FromSeconds(40), _limiter.FindWait(Guesser));
        _time.Advance(TimeSpan.FromSeconds(39));
        Assert.NotNull(_limiter.Fail(Guesser, "", 10));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_limiter.FindWait(Guesser));
        Assert.Equal(0, _limiter.Count);
        Assert.Null(_limiter.Fail(Guesser, "", 10));
    }

    [Fact]
    public void No_more_addresses_are_remembered_than_there_are_places_and_the_oldest_go()
    {
        for (int number = 0; number < 100_000; number++)
        {
            Assert.Null(_limiter.Fail(AddressOf(number), "", number));
        }

        Assert.Equal(FailureLimiter.MaxAddresses, _limiter.Count);
        for (int guess = 0; guess < 9; guess++)
        {
            Assert.Null(_limiter.Fail(AddressOf(99_999), "", guess));
        }

        Assert.NotNull(_limiter.FindWait(AddressOf(99_999)));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(_limiter.FindWait(Guesser));
        Assert.Equal(0, _limiter.Count);
    }

    [Fact]
    public void No_more_callers_are_remembered_than_there_are_places_and_those_not_seen_for_longest_go()
    {
        ProvenCallers proven = new();
        proven.Add(Guesser, "first");
        proven.Add(Guesser, "second");
        for (int number = 0; number < 100_000; number++)
        {
            proven.Add(AddressOf(number), "path");
            proven.Add(Guesser, "second");
        }

        Assert.Equal(ProvenCallers.Max, proven.Count);
        Assert.False(proven.Contains(Guesser, "first"));
        Assert.True(proven.Contains(Guesser, "second"));
        Assert.True(proven.Contains(AddressOf(99_999), "path"));
        Assert.False(proven.Contains(AddressOf(99_999), "another"));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::")]
    [InlineData("fe80::1%3", "fe80::")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData(null, "255.255.255.255")]
    public void An_address_counts_as_its_network(string? address, string network) =>
        Assert.Equal(IPAddress.Parse(network), ClientNetwork.Of(address is null ? null : IPAddress.Parse(address)));

    private static IPAddress AddressOf(int number) => new([11, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
