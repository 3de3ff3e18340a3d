using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>One stream and several media servers: whose the input is, and what each of them can say about it.</summary>
public sealed class StreamMachineNodesTests
{
    private readonly MachineHarness _stream = new();
    private readonly Dictionary<string, LiveSource> _sources = [];

    [Fact]
    public void The_silence_of_one_media_server_ends_nothing_of_another()
    {
        Run("b1", "b");
        Assert.Equal(EventOutcome.Duplicate, Poll("a", null));
        Assert.Equal(StreamPhase.Running, _stream.State.Phase);
        Assert.Equal("b1", _stream.State.Input?.Id);
        Poll("b", null);
        Assert.Equal(StreamPhase.Stopping, _stream.State.Phase);
    }

    [Fact]
    public void An_output_is_told_by_the_inputs_media_server_alone()
    {
        Run("b1", "b");
        Poll("b", "b1", output: "b-out");
        Poll("a", null, output: "a-out");
        Assert.Equal("b-out", _stream.State.Output?.Id);
        Assert.Equal(EventOutcome.Stale, Hook(SourceEventKind.Ready, "a-out", "a", PathRole.Output));
        Assert.Equal("b-out", _stream.State.Output?.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_newest_publisher_has_the_input_and_the_other_is_a_conflict(bool isByHook)
    {
        Run("a1", "a");
        _stream.Wait(TimeSpan.FromSeconds(5));
        Come("b1", "b", isByHook);
        Assert.Equal((StreamPhase.Stopping, "b1", "b"), (_stream.State.Phase, _stream.State.Input?.Id, _stream.State.Node));
        Assert.Equal("a1", Assert.Single(_stream.State.Conflicts).Id);
        _stream.Exited();
        Assert.Equal((StreamPhase.Starting, 2), (_stream.State.Phase, _stream.State.Generation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_older_publisher_that_is_told_of_late_is_a_conflict_and_takes_nothing_over(bool isByHook)
    {
        DateTimeOffset before = _stream.Now;
        Run("b1", "b");
        Come("a1", "a", isByHook, before - TimeSpan.FromSeconds(30));
        Assert.Equal((StreamPhase.Running, "b1", 1), (_stream.State.Phase, _stream.State.Input?.Id, _stream.State.Generation));
        Assert.Equal("a1", Assert.Single(_stream.State.Conflicts).Id);
    }

    [Fact]
    public void Polls_of_both_never_make_it_go_back_and_forth()
    {
        Run("a1", "a");
        _stream.Wait(TimeSpan.FromSeconds(5));
        Come("b1", "b", isByHook: false);
        _stream.Exited();
        _stream.Started();
        _stream.Progressed();
        StreamState settled = _stream.State;
        for (int poll = 0; poll < 20; poll++)
        {
            Assert.NotEqual(EventOutcome.Applied, Poll(poll % 3 == 0 ? "b" : "a", poll % 3 == 0 ? "b1" : "a1"));
            _stream.Wait(TimeSpan.FromSeconds(0.3));
        }

        Assert.Same(settled, _stream.State);
    }

    [Fact]
    public void Two_that_came_at_the_same_time_are_told_apart_by_their_media_servers()
    {
        DateTimeOffset both = _stream.Now;
        Come("b1", "b", isByHook: true, both);
        Come("a1", "a", isByHook: true, both);
        Poll("b", "b1");
        Poll("a", "a1");
        Assert.Equal(("b1", "a1"), (_stream.State.Input?.Id, Assert.Single(_stream.State.Conflicts).Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void When_the_newest_ends_it_goes_on_with_the_other(bool isByHook)
    {
        Run("a1", "a");
        _stream.Wait(TimeSpan.FromSeconds(5));
        Come("b1", "b", isByHook: true);
        _stream.Exited();
        _stream.Wait(TimeSpan.FromSeconds(5));
        if (isByHook)
        {
            Hook(SourceEventKind.NotReady, "b1", "b");
        }
        else
        {
            Poll("b", null);
        }

        Assert.Empty(_stream.State.Conflicts);
        Poll("a", "a1");
        Poll("b", null);
        _stream.Exited();
        Assert.Equal((StreamPhase.Starting, "a1", "a"), (_stream.State.Phase, _stream.State.Input?.Id, _stream.State.Node));
        Assert.Empty(_stream.State.Conflicts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_conflict_that_ends_is_one_no_more(bool isByHook)
    {
        Run("a1", "a");
        _stream.Wait(TimeSpan.FromSeconds(5));
        Come("b1", "b", isByHook: true);
        if (isByHook)
        {
            Hook(SourceEventKind.NotReady, "a1", "a");
        }
        else
        {
            Poll("a", null);
        }

        Assert.Empty(_stream.State.Conflicts);
        Assert.Equal("b1", _stream.State.Input?.Id);
    }

    [Fact]
    public void A_publisher_that_comes_again_takes_its_place_as_a_conflict_too()
    {
        DateTimeOffset before = _stream.Now - TimeSpan.FromMinutes(1);
        Run("b1", "b");
        Come("a1", "a", isByHook: false, before);
        Come("a2", "a", isByHook: false, before + TimeSpan.FromSeconds(1));
        Assert.Equal("a2", Assert.Single(_stream.State.Conflicts).Id);
    }

    [Fact]
    public void A_source_that_MediaMTX_pulls_on_two_media_servers_is_two_sources()
    {
        Come("rtspSource", "a", isByHook: true, type: "rtspSource");
        _stream.Wait(TimeSpan.FromSeconds(5));
        Come("rtspSource", "b", isByHook: true, type: "rtspSource");
        Assert.Equal("b", _stream.State.Node);
        Hook(SourceEventKind.NotReady, "rtspSource", "a", type: "rtspSource");
        Assert.Equal("b", _stream.State.Node);
        Assert.Empty(_stream.State.Conflicts);
    }

    [Fact]
    public void What_was_saved_of_a_media_server_that_is_configured_no_more_belongs_to_the_first()
    {
        Run("b1", "b");
        StreamState renamed = NodeDecisions.Rename(_stream.State, static node => node == "c" ? "c" : "first");
        Assert.Equal(("first", "first"), (renamed.Node, renamed.Input?.Node));
        Assert.Same(renamed, NodeDecisions.Rename(renamed, static node => node ?? "first"));
        StreamState same = new();
        Assert.Same(same, NodeDecisions.Rename(same, static _ => "first"));
    }

    [Fact]
    public void A_media_server_that_got_another_name_keeps_its_streams()
    {
        Run("b1", "b");
        _sources["b1"] = _sources["b1"] with { Node = "renamed" };
        Poll("renamed", "b1");
        Assert.Equal((StreamPhase.Running, "renamed", 1), (_stream.State.Phase, _stream.State.Node, _stream.State.Generation));
        Assert.Empty(_stream.State.Conflicts);
    }

    [Fact]
    public void What_a_poll_shows_that_was_sent_before_a_hook_is_no_news_whatever_the_clocks_say()
    {
        Run("b1", "b");
        DateTimeOffset ahead = _stream.Now + TimeSpan.FromHours(1);
        _stream.Do(new StreamInput.Observed(null, null, ahead) { Node = "b", IsNews = false });
        Assert.Equal(StreamPhase.Running, _stream.State.Phase);
        DateTimeOffset behind = _stream.Now - TimeSpan.FromHours(1);
        _stream.Do(new StreamInput.Observed(null, null, behind) { Node = "b", IsNews = true });
        Assert.Equal(StreamPhase.Stopping, _stream.State.Phase);
    }

    [Fact]
    public void A_conflict_has_an_entry_in_the_history_once()
    {
        Run("b1", "b");
        StreamState before = _stream.State;
        LiveSource rival = Source("a1", "a", _stream.Now - TimeSpan.FromMinutes(1), "rtmpConn") with { RemoteAddress = "10.0.0.7:4711" };
        StreamState after = NodeDecisions.AddConflict(before, rival);
        HistoryEntry entry = HistoryWriter.OfConflict(Assert.Single(NodeDecisions.NewConflicts(before, after)), after, _stream.Now);
        Assert.StartsWith("Conflict: also published on media server a from 10.0.0.7:4711, and longer than on b.", entry.Reason, StringComparison.Ordinal);
        Assert.Empty(NodeDecisions.NewConflicts(after, NodeDecisions.AddConflict(after, rival with { OnlineAt = _stream.Now })));
    }

    private void Run(string source, string node)
    {
        Come(source, node, isByHook: true);
        _stream.Started();
        _stream.Progressed();
        _stream.Wait(TimeSpan.FromSeconds(1));
    }

    private void Come(string source, string node, bool isByHook, DateTimeOffset? since = null, string type = "rtmpConn")
    {
        _sources[source] = Source(source, node, since ?? _stream.Now, type);
        if (isByHook)
        {
            Hook(SourceEventKind.Ready, source, node, type: type, at: since);
        }
        else
        {
            Poll(node, source);
        }
    }

    private EventOutcome Hook(SourceEventKind kind, string source, string node, PathRole role = PathRole.Input, string type = "rtmpConn", DateTimeOffset? at = null) =>
        _stream.Do(new StreamInput.SourceChanged(new SourceEvent
        {
            EventId = Guid.NewGuid(),
            Kind = kind,
            Path = new StreamPath(MachineHarness.Id, role),
            Source = new MediaSource(type, source),
            OccurredAt = at ?? _stream.Now,
            Node = node,
        }));

    private EventOutcome Poll(string node, string? input, string? output = null) => _stream.Do(new StreamInput.Observed(
        input is null ? null : _sources[input], output is null ? null : Source(output, node, _stream.Now, "rtmpConn"), _stream.Now)
    { Node = node, IsNews = true });

    private static LiveSource Source(string id, string node, DateTimeOffset since, string type) => new(type, id, "", since) { Node = node };
}
