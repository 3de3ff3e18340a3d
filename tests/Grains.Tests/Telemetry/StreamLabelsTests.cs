using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Streams.Grains.Tests.Telemetry;

public sealed class StreamLabelsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HashSet<StreamId> _shown = [];

    [Fact]
    public void The_label_of_a_stream_that_has_ended_says_a_later_one_after_a_rest()
    {
        StreamLabels labels = new(_shown.Contains, _time);
        object first = labels.Of(Id("one"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotSame(first, labels.Of(Id("two")));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("one", first.ToString());

        Assert.Same(first, labels.Of(Id("three")));
        Assert.Equal("three", first.ToString());
        Assert.Equal(2, labels.Count);
    }

    [Fact]
    public void A_stream_that_lives_keeps_its_label_however_seldom_it_is_read()
    {
        StreamLabels labels = new(_shown.Contains, _time);
        _shown.Add(Id("one"));
        object first = labels.Of(Id("one"));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.NotSame(first, labels.Of(Id("two")));
        Assert.Same(first, labels.Of(Id("one")));
        Assert.Equal("one", first.ToString());
    }

    [Fact]
    public void There_are_never_more_than_streams_at_a_time()
    {
        StreamLabels labels = new(_shown.Contains, _time);
        for (int i = 0; i < 50_000; i++)
        {
            labels.Of(Id($"s{i}"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(labels.Count, 1, 122);
    }

    private static StreamId Id(string id) => StreamId.Parse(id);
}
