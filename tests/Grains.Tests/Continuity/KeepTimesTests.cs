using Microsoft.Extensions.Time.Testing;
using Streams.Grains.Continuity;
using Xunit;

namespace Streams.Grains.Tests;

public sealed class KeepTimesTests
{
    private static readonly StreamPath Output = new(StreamId.Parse("demo"), PathRole.Output);
    private readonly FakeTimeProvider _time = new();
    private readonly KeepTimes _times;

    public KeepTimesTests() => _times = new KeepTimes(_time);

    [Fact]
    public void An_output_that_is_needed_again_has_its_whole_time_again()
    {
        Assert.Empty(Look(isNeeded: false));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(Look(isNeeded: false));
        Assert.Empty(Look(isNeeded: true));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(Look(isNeeded: false));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal([Output], Look(isNeeded: false));
    }

    [Fact]
    public void One_that_is_needed_never_expires()
    {
        Look(isNeeded: true);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(Look(isNeeded: true));
    }

    private IReadOnlyList<StreamPath> Look(bool isNeeded) => _times.FindExpired([Output], isNeeded ? new HashSet<StreamId> { Output.StreamId } : [], TimeSpan.FromSeconds(30));
}
