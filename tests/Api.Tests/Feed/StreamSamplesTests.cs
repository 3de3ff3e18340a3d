using Xunit;

namespace Streams.Api.Tests;

/// <summary>The samples for the charts.</summary>
public sealed class StreamSamplesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly StreamId Id = StreamId.Parse("demo");
    private readonly StreamSamples _samples = new();

    [Fact]
    public void Within_a_period_the_newest_value_counts()
    {
        Take(0, 10);
        Take(1, 20);
        Take(2, 30);
        Assert.Equal([20f, 30f], _samples.Of(Id, Noon.AddSeconds(2)).Select(static sample => sample.Fps));
    }

    [Fact]
    public void Ten_minutes_are_kept_and_no_more()
    {
        for (int second = 0; second < 3_600; second++)
        {
            Take(second, second + 1);
        }

        IReadOnlyList<StreamSample> kept = _samples.Of(Id, Noon.AddSeconds(3_599));
        Assert.Equal(300, kept.Count);
        Assert.Equal(3_600, kept[^1].Fps);
        Assert.Empty(_samples.Of(Id, Noon.AddSeconds(3_599) + StreamSamples.Reach + StreamSamples.Period));
    }

    [Fact]
    public void Without_a_worker_its_numbers_are_unknown()
    {
        Take(0, 25);
        _samples.Take(Status(25) with { WorkerPid = null }, Noon.AddSeconds(4));
        Assert.Equal([25f, float.NaN], _samples.Of(Id, Noon.AddSeconds(5)).Select(static sample => sample.Fps));
    }

    [Fact]
    public void What_comes_late_changes_nothing()
    {
        Take(10, 25);
        Take(0, 5);
        Assert.Equal(25f, Assert.Single(_samples.Of(Id, Noon.AddSeconds(10))).Fps);
    }

    [Fact]
    public void A_stream_of_which_nothing_is_heard_is_forgotten()
    {
        Take(0, 25);
        _samples.Take(Status(25) with { StreamId = StreamId.Parse("other") }, Noon + (2 * StreamSamples.Reach));
        Assert.Empty(_samples.Of(Id, Noon));
    }

    private void Take(int second, double fps) => _samples.Take(Status(fps), Noon.AddSeconds(second));

    private static StreamStatus Status(double fps) => StreamsTests.FullStatus("demo") with { Progress = new WorkerProgress { Fps = fps } };
}
