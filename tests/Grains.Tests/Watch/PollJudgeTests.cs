using System.Collections.Immutable;
using Xunit;

namespace Streams.Grains.Tests.Watch;

/// <summary>What the polls of media server "b" tell to which streams.</summary>
public sealed class PollJudgeTests
{
    private static readonly StreamId Demo = StreamId.Parse("demo");
    private static readonly StreamObservation Nothing = new(default, null, null) { Node = "b" };

    private readonly PollJudge _judge = new(static node => node == "b");

    [Fact]
    public void A_stream_of_its_own_that_is_missed_once_is_told_nothing_and_twice_that_it_has_ended()
    {
        Assert.Null(Poll(null, Entry("b")));
        Assert.True(_judge.IsUnsure);
        Assert.Equal(Nothing, Poll(null, Entry("b")));
        Assert.False(_judge.IsUnsure);
    }

    [Fact]
    public void What_was_missed_before_the_media_server_was_away_has_to_be_missed_twice_again()
    {
        Poll(null, Entry("b"));
        _judge.Doubt();
        Assert.Null(Poll(null, Entry("b")));
        Assert.NotNull(Poll(null, Entry("b")));
    }

    [Fact]
    public void A_stream_of_another_media_server_is_never_told_that_nobody_publishes_it_here()
    {
        // But once, after the watch has started: somebody may have, before.
        Poll(null, Entry("a"));
        Poll(null, Entry("a"));
        for (int poll = 0; poll < 3; poll++)
        {
            Assert.Null(Poll(null, Entry("a")));
            Assert.False(_judge.IsUnsure);
        }
    }

    [Fact]
    public void A_stream_of_another_media_server_is_told_who_publishes_it_here_and_once_that_this_has_ended()
    {
        StreamObservation seen = Nothing with { Input = View() };
        Settle();
        Assert.Equal(seen, Poll(seen, Entry("a")));
        Assert.Equal(seen, Poll(seen, Entry("a")));
        Assert.Null(Poll(null, Entry("a")));
        Assert.Equal(Nothing, Poll(null, Entry("a")));
        Assert.Null(Poll(null, Entry("a")));
        Assert.False(_judge.IsUnsure);
    }

    [Fact]
    public void A_stream_that_goes_to_another_media_server_is_told_that_its_input_has_ended_here()
    {
        Poll(Nothing with { Input = View() }, Entry("b"));
        Assert.Null(Poll(null, Entry("a")));
        Assert.Equal(Nothing, Poll(null, Entry("a")));
    }

    [Fact]
    public void An_output_alone_is_told_to_no_stream_of_another_media_server()
    {
        Settle();
        Assert.Null(Poll(Nothing with { Output = View() }, Entry("a")));
        Assert.False(_judge.IsUnsure);
    }

    [Fact]
    public void A_stream_that_nobody_knows_yet_is_told() => Assert.NotNull(Poll(Nothing with { Input = View() }));

    [Theory]
    [InlineData("a", false)]
    [InlineData("b", true)]
    public void The_output_of_a_worker_is_expected_at_its_own_media_server(string node, bool isExpected)
    {
        Poll(Nothing with { Input = View() }, Entry(node, StreamPhase.Starting));
        Assert.Equal(isExpected, _judge.AnyStarting);
    }

    private void Settle()
    {
        Poll(null, Entry("a"));
        Poll(null, Entry("a"));
    }

    /// <summary>What a poll that shows this of the stream tells it; null for nothing.</summary>
    private StreamObservation? Poll(StreamObservation? shown, params ImmutableArray<StreamEntry> active)
    {
        Dictionary<StreamId, StreamObservation> observations = shown is null ? [] : new() { [Demo] = shown };
        _judge.Judge(observations, active, Nothing);
        return observations.GetValueOrDefault(Demo);
    }

    private static StreamEntry Entry(string? node, StreamPhase phase = StreamPhase.Running) => new(Demo, phase, default, 1) { IsLive = true, Node = node };

    private static PathView View() => new() { Source = new LiveSource("rtmpConn", "x", "", default) { Node = "b" } };
}
