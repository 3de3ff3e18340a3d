using Microsoft.Extensions.Time.Testing;
using Streams.Api.Feed;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests;

/// <summary>The samples for the charts.</summary>
public sealed class StreamSamplesTests
{
    private static readonly StreamId Id = StreamId.Parse("demo");
    private readonly FakeTimeProvider _time = new();
    private readonly SettableClock _clock;
    private readonly StreamSamples _samples;

    public StreamSamplesTests()
    {
        _clock = new SettableClock(_time);
        _samples = new StreamSamples(_clock);
    }

    [Fact]
    public void Within_a_period_the_newest_value_counts()
    {
        AddSample(10);
        AddSample(20, after: 1);
        AddSample(30, after: 1);
        Assert.Equal([20f, 30f], _samples.Of(Id).Select(static sample => sample.Fps));
    }

    [Fact]
    public void Ten_minutes_are_kept_and_no_more()
    {
        for (int second = 1; second <= 3_600; second++)
        {
            AddSample(second, after: 1);
        }

        IReadOnlyList<StreamSample> kept = _samples.Of(Id);
        Assert.Equal(300, kept.Count);
        Assert.Equal(3_600, kept[^1].Fps);
        _time.Advance(StreamSamples.Reach + StreamSamples.Period);
        Assert.Empty(_samples.Of(Id));
    }

    [Fact]
    public void Without_a_worker_its_numbers_are_unknown()
    {
        AddSample(25);
        _time.Advance(TimeSpan.FromSeconds(4));
        _samples.Add(Status(25) with { WorkerPid = null });
        Assert.Equal([25f, float.NaN], _samples.Of(Id).Select(static sample => sample.Fps));
    }

    [Fact]
    public void A_stream_that_was_not_active_has_none()
    {
        _samples.Add(Status(25) with { WorkerPid = null, InputPath = null, OutputPath = null });
        Assert.Empty(_samples.Of(Id));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_clock_that_is_set_by_an_hour_leaves_no_gap_and_moves_what_is_kept_with_it(int hours)
    {
        AddSample(10);
        AddSample(20, after: 2);
        _clock.Set(TimeSpan.FromHours(hours));
        AddSample(30, after: 2);

        StreamSample[] kept = [.. _samples.Of(Id)];
        Assert.Equal([10f, 20f, 30f], kept.Select(static sample => sample.Fps));
        Assert.Equal([-4, -2, 0], kept.Select(sample => Math.Round((_samples.TimeOf(sample) - _clock.GetUtcNow()).TotalSeconds)));
    }

    [Fact]
    public void A_stream_of_which_nothing_is_heard_is_forgotten()
    {
        AddSample(25);
        _time.Advance(2 * StreamSamples.Reach);
        _samples.Add(Status(25) with { StreamId = StreamId.Parse("other") });
        Assert.Empty(_samples.Of(Id));
    }

    private void AddSample(double fps, int after = 0)
    {
        _time.Advance(TimeSpan.FromSeconds(after));
        _samples.Add(Status(fps));
    }

    private static StreamStatus Status(double fps) => StreamsTests.FullStatus("demo") with { Progress = new WorkerProgress { Fps = fps } };
}
