using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Streams.Grains.Tests.Workers;

public sealed class SupersededRunsTests
{
    private static readonly StreamId Id = StreamId.Parse("demo");

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_latest_generation_counts_whatever_the_order()
    {
        SupersededRuns runs = new(_time);
        runs.Record(Id, 3);
        runs.Record(Id, 2);
        Assert.Equal((3, 0), (runs.LatestOf(Id), runs.LatestOf(StreamId.Parse("other"))));
    }

    /// <summary>Else a stream that was dropped, and counts from 1 again, could not start where it had been.</summary>
    [Fact]
    public void After_a_minute_a_generation_may_start_again()
    {
        SupersededRuns runs = new(_time);
        runs.Record(Id, 7);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(7, runs.LatestOf(Id));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, runs.LatestOf(Id));
        runs.Record(Id, 1);
        Assert.Equal(1, runs.LatestOf(Id));
    }

    [Fact]
    public void Old_ones_make_room()
    {
        SupersededRuns runs = new(_time);
        for (int stream = 0; stream < 10_000; stream++)
        {
            runs.Record(StreamId.Parse($"s{stream}"), 1);
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        runs.Record(Id, 1);
        Assert.Equal((1, 1L), (runs.Count, runs.LatestOf(Id)));
    }
}
