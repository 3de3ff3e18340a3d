using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>Which polls of a watch are newer than what hooks have said.</summary>
public sealed class PollMarksTests
{
    private static readonly Guid Epoch = Guid.NewGuid();

    private readonly FakeTimeProvider _time = new();
    private readonly PollMarks _marks;

    public PollMarksTests() => _marks = new PollMarks(_time);

    [Fact]
    public void Before_anything_was_asked_the_clocks_tell_and_the_watch_is_asked() => Assert.Equal((null, true), Judge(7));

    [Fact]
    public void A_poll_of_no_watch_is_left_to_the_clocks() => Assert.Equal((null, false), _marks.Judge("a", default));

    [Fact]
    public void Nothing_is_news_until_the_answer_has_come_and_then_what_was_sent_later()
    {
        long request = _marks.Begin("a");
        Assert.Equal((false, false), Judge(7));
        _marks.Set("a", request, new PollPosition(Epoch, 8));
        Assert.Equal((false, false), Judge(8));
        Assert.Equal((true, false), Judge(9));
        Assert.Equal((null, true), _marks.Judge("b", new PollPosition(Epoch, 1)));
    }

    [Fact]
    public void An_answer_to_an_earlier_request_does_not_count()
    {
        long first = _marks.Begin("a");
        long second = _marks.Begin("a");
        _marks.Set("a", first, new PollPosition(Epoch, 8));
        Assert.Equal((false, false), Judge(9));
        _marks.Set("a", second, new PollPosition(Epoch, 9));
        Assert.Equal((false, false), Judge(9));
        Assert.Equal((true, false), Judge(10));
    }

    [Fact]
    public void Without_an_answer_the_clocks_tell_after_two_seconds_and_the_watch_is_asked_again()
    {
        _marks.Begin("a");
        _time.Advance(PollMarks.Limit - TimeSpan.FromMilliseconds(1));
        Assert.Equal((false, false), Judge(9));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((null, true), Judge(9));
    }

    [Fact]
    public void A_watch_that_has_moved_counts_anew_and_is_asked()
    {
        _marks.Set("a", _marks.Begin("a"), new PollPosition(Epoch, 800));
        PollPosition moved = new(Guid.NewGuid(), 3);
        Assert.Equal((false, true), _marks.Judge("a", moved));
        _marks.Set("a", _marks.Begin("a"), moved);
        Assert.Equal((true, false), _marks.Judge("a", moved with { Number = 4 }));
        Assert.Equal((false, true), Judge(900));
    }

    private (bool? IsNews, bool IsToAsk) Judge(long number) => _marks.Judge("a", new PollPosition(Epoch, number));
}
