using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Streams.Grains.Tests.Streams;

public sealed class OutputWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly OutputWatch _watch;
    private long _bytes;

    public OutputWatchTests() => _watch = new OutputWatch(_time);

    [Fact]
    public void An_output_that_is_away_is_interrupted_until_the_next_one_sends()
    {
        Show("a", grows: true);
        Show(null);
        Assert.True(_watch.IsInterrupted);
        _bytes = 0;
        Show("b", grows: false);
        Show("b", grows: true);
        Assert.Equal(TimeSpan.FromSeconds(3), _watch.Ended);
        Assert.False(_watch.IsInterrupted);
        _watch.Confirm();
        Assert.Null(_watch.Ended);
    }

    [Fact]
    public void One_that_went_with_its_silo_was_interrupted_however_soon_it_is_back()
    {
        _watch.Begin(TimeSpan.FromSeconds(0.01), wasLost: true);
        _bytes = 1000;
        _time.Advance(TimeSpan.FromSeconds(0.2));
        _watch.Observe(new PathView { Source = new LiveSource("rtspSession", "a", "", default), InboundBytes = _bytes }, false, true);
        Assert.Equal(TimeSpan.FromSeconds(0.21), _watch.Ended);
        Assert.False(_watch.IsInterrupted);
    }

    [Fact]
    public void A_source_that_takes_over_without_a_gap_interrupts_nothing()
    {
        Show("a", grows: true);
        _bytes = 0;
        Show("b", grows: true);
        Assert.Null(_watch.Ended);
    }

    [Fact]
    public void A_source_that_sends_nothing_for_three_polls_is_an_interruption_and_one_that_is_slow_is_not()
    {
        Show("a", grows: true);
        Show("a", grows: false);
        Show("a", grows: true);
        Assert.Null(_watch.Ended);
        Show("a", grows: false);
        Show("a", grows: false);
        Show("a", grows: false);
        Show("a", grows: true);
        Assert.Equal(TimeSpan.FromSeconds(4), _watch.Ended);
    }

    [Fact]
    public void What_an_operator_stopped_and_a_broadcast_that_ended_are_no_interruptions()
    {
        Show("a", grows: true);
        Show(null, isHeld: true);
        Show("b", grows: true);
        Assert.Null(_watch.Ended);
        Show(null, isInputLive: false);
        _time.Advance(TimeSpan.FromMinutes(2));
        Show(null, isInputLive: false);
        Show("c", grows: true);
        Assert.Null(_watch.Ended);
    }

    /// <summary>A stream that failed for minutes while its publisher sent is what an operator most wants to know of.</summary>
    [Fact]
    public void An_output_that_is_away_for_long_while_its_input_is_live_counts_whole()
    {
        Show("a", grows: true);
        for (int i = 0; i < 299; i++)
        {
            Show(null);
        }

        Assert.False(_watch.IsToBeWatchedClosely);
        _bytes = 0;
        Show("b", grows: true);
        Assert.Equal(TimeSpan.FromMinutes(5), _watch.Ended);
    }

    [Fact]
    public void What_is_not_recorded_yet_is_added_to()
    {
        Show("a", grows: true);
        Show(null);
        Show("b", grows: true);
        Show(null);
        Show("c", grows: true);
        Assert.Equal(TimeSpan.FromSeconds(4), _watch.Ended);
    }

    [Fact]
    public void What_was_away_before_this_watch_began_counts_from_its_beginning()
    {
        _watch.Begin(TimeSpan.FromSeconds(7));
        Show(null);
        Assert.Equal(TimeSpan.FromSeconds(8), _watch.Away);
        Show("b", grows: true);
        Assert.Equal(TimeSpan.FromSeconds(9), _watch.Ended);
        Assert.Null(_watch.Away);
    }

    [Fact]
    public void What_it_saw_itself_counts_more_than_what_it_is_told_later()
    {
        Show("a", grows: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        _watch.Begin(TimeSpan.Zero);
        Show(null);
        Assert.Equal(TimeSpan.FromSeconds(2), _watch.Away);
    }

    private void Show(string? source, bool grows = false, bool isHeld = false, bool isInputLive = true)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _bytes += grows ? 1000 : 0;
        _watch.Observe(source is null ? null : new PathView { Source = new LiveSource("rtspSession", source, "", _time.GetUtcNow()), InboundBytes = _bytes }, isHeld, isInputLive);
    }
}
