using System.Collections.Immutable;
using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>What a stream's audience gets, as its machine records it.</summary>
public sealed class AudienceTests
{
    private static readonly StreamContinuity Kept = new(ContinuityState.Kept);
    private readonly StreamMachine _machine = new(new RetryPolicy(new RetryOptions()), new FallbackOptions()) { KeepFor = TimeSpan.FromSeconds(30) };
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private StreamState _state = new();

    [Fact]
    public void A_stream_that_starts_shows_nothing_before_its_first_picture_and_is_live_then()
    {
        Event(SourceEventKind.Ready, "a", PathRole.Input);
        Assert.Equal([OutputShows.Offline], Shown());
        Progressed();
        Assert.Equal([OutputShows.Offline, OutputShows.Live], Shown());
        Assert.Null(_state.Audience!.AwaySince);
    }

    [Theory]
    [InlineData(true, OutputShows.Slate)]
    [InlineData(false, OutputShows.Dark)]
    public void While_a_worker_is_replaced_a_kept_output_shows_its_slate_and_another_nothing(bool isKept, OutputShows shows)
    {
        Run(isKept);
        Event(SourceEventKind.NotReady, "out", PathRole.Output);
        Exited();
        Assert.Equal([OutputShows.Offline, OutputShows.Live, shows], Shown());
        Assert.Equal(_now, _state.Audience!.AwaySince);
        DateTimeOffset away = _now;
        Wait(3);
        Do(new StreamInput.RetryDue(_state.Generation));
        Assert.Equal(away, _state.Audience!.AwaySince);
        Progressed();
        Assert.Equal([OutputShows.Offline, OutputShows.Live, shows, OutputShows.Live], Shown());
        Assert.Null(_state.Audience!.AwaySince);
    }

    [Fact]
    public void A_planned_change_is_no_gap()
    {
        Run(isKept: true);
        Do(new StreamInput.Commanded(StreamCommand.Restart, MayOverlap: true));
        Do(new StreamInput.WorkerProgressed(_state.Next!.Generation));
        Assert.Equal([OutputShows.Offline, OutputShows.Live], Shown());
    }

    [Fact]
    public void A_publisher_that_comes_back_finds_the_slate_and_one_that_does_not_leaves_nothing()
    {
        Run(isKept: true);
        Event(SourceEventKind.NotReady, "a", PathRole.Input);
        Exited();
        Assert.Null(_state.Audience!.AwaySince); // There is nothing that it should show.
        Wait(29);
        Assert.Equal(OutputShows.Slate, OutputDay.ShownAt(_state.Day, _now));
        Event(SourceEventKind.Ready, "b", PathRole.Input);
        Progressed();
        Assert.Equal([OutputShows.Offline, OutputShows.Live, OutputShows.Slate, OutputShows.Live], Shown());
        Event(SourceEventKind.NotReady, "b", PathRole.Input);
        Exited();
        Wait(30);
        Assert.Equal(OutputShows.Offline, OutputDay.ShownAt(_state.Day, _now));
        Event(SourceEventKind.Ready, "c", PathRole.Input);
        Progressed();
        Assert.Equal([OutputShows.Slate, OutputShows.Offline, OutputShows.Live], Shown()[^3..]);
    }

    [Fact]
    public void An_operators_stop_and_the_fallback_are_told_apart()
    {
        Run(isKept: true);
        Do(new StreamInput.WorkerExited(_state.Generation, "died", RetryHope.Soon, []) { Fallback = "copy" });
        Progressed();
        Assert.Equal(OutputShows.Fallback, Shown()[^1]);
        Do(new StreamInput.Commanded(StreamCommand.Stop));
        Assert.Equal(OutputShows.Stopped, Shown()[^1]);
        Exited();
        Do(new StreamInput.Commanded(StreamCommand.Resume));
        Assert.Equal(OutputShows.Stopped, Shown()[^1]);
        Progressed();
        Assert.Equal(OutputShows.Live, Shown()[^1]);
    }

    [Fact]
    public void A_worker_of_which_nothing_arrives_leaves_its_readers_in_the_dark_from_its_last_byte_on()
    {
        Run(isKept: true);
        Event(SourceEventKind.Ready, "out", PathRole.Output);
        Wait(5);
        DateTimeOffset last = _now;
        Wait(4);
        Assert.Equal(EventOutcome.Applied, Do(new StreamInput.OutputInterrupted(last)));
        Assert.Equal(EventOutcome.Stale, Do(new StreamInput.OutputInterrupted(_now)));
        Assert.Equal(new OutputSpan(last, OutputShows.Dark), _state.Day[^1]);
        Assert.Equal(last, _state.Audience!.AwaySince);
        Do(new StreamInput.OutputResumed(TimeSpan.FromSeconds(4)));
        Assert.Equal(OutputShows.Live, Shown()[^1]);
        Assert.Equal((1, null), (_state.Audience!.Interruptions, _state.Audience.AwaySince));
    }

    [Fact]
    public void What_a_silo_that_was_away_had_is_missing_since_it_was_last_there()
    {
        Run(isKept: true);
        Event(SourceEventKind.Ready, "out", PathRole.Output);
        Wait(60);
        DateTimeOffset last = _now;
        Wait(600);
        Do(new StreamInput.WorkerLost(last));
        Assert.Equal(new OutputSpan(last, OutputShows.Slate), _state.Day[^1]);
        Assert.Equal(last, _state.Audience!.AwaySince);
    }

    [Fact]
    public void It_was_there_when_the_output_last_changed()
    {
        DateTimeOffset last = _now;
        Wait(1);
        Run(isKept: true);
        OutputSpan live = _state.Day[^1];
        Wait(10);
        Do(new StreamInput.WorkerLost(last));
        Assert.Equal([live, new OutputSpan(live.Since.AddMilliseconds(1), OutputShows.Slate)], [.. _state.Day.TakeLast(2)]);
    }

    [Fact]
    public void A_last_time_that_is_yet_to_come_is_none()
    {
        Run(isKept: true);
        DateTimeOffset last = _now.AddMinutes(1);
        Wait(10);
        Do(new StreamInput.WorkerLost(last));
        Assert.Equal(new OutputSpan(_now, OutputShows.Slate), _state.Day[^1]);
    }

    /// <summary>A silo ends, and the hook of its worker's end reaches another one, which only then learns of both.</summary>
    [Fact]
    public void What_a_hook_told_late_is_dated_by_the_hook()
    {
        Run(isKept: true);
        Event(SourceEventKind.Ready, "out", PathRole.Output);
        Wait(60);
        DateTimeOffset end = _now;
        Wait(8);
        Do(new StreamInput.WorkerLost());
        Event(SourceEventKind.NotReady, "out", PathRole.Output, end);
        Assert.Equal(new OutputSpan(end, OutputShows.Slate), _state.Day[^1]);
        Assert.Equal(TimeSpan.FromSeconds(8), OutputDay.AwayFor(_state.Day, _now));
    }

    /// <summary>A standby stepped in while the stream was nowhere: it learns of the interruption some seconds later.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interruption_that_nobody_knew_of_is_recorded_where_it_was(bool isLossKnown)
    {
        Run(isKept: true);
        Wait(60);
        DateTimeOffset end = _now;
        Wait(5);
        if (isLossKnown)
        {
            Do(new StreamInput.WorkerSteady(_state.Generation));
            Exited();
            Progressed();
        }

        Do(new StreamInput.OutputResumed(TimeSpan.FromSeconds(0.7)) { At = end });
        Assert.Equal([new OutputSpan(end.AddSeconds(-0.7), OutputShows.Slate), new OutputSpan(end, OutputShows.Live)], [.. _state.Day.TakeLast(2)]);
        Assert.Equal((1, TimeSpan.FromSeconds(0.7), null), (_state.Audience!.Interruptions, _state.Audience.Longest, _state.Audience.AwaySince));
        Assert.Equal(_state.Day.Select(static span => span.Since).Order(), _state.Day.Select(static span => span.Since));
    }

    [Fact]
    public void A_clock_that_is_set_moves_the_day_with_it()
    {
        Run(isKept: true);
        StreamState moved = StreamMachine.MoveClock(_state, TimeSpan.FromHours(-1));
        Assert.Equal(_state.Day.Select(static span => span.Since.AddHours(-1)), moved.Day.Select(static span => span.Since));
    }

    [Fact]
    public void The_record_is_saved_with_the_stream()
    {
        Run(isKept: true);
        Exited();
        StreamState read = StreamRows.Read(StreamRows.Of(MachineHarness.Id, 1, _state));
        Assert.Equal(_state.Day, read.Day);
        Assert.Equal(_state.Audience, read.Audience);
    }

    private void Run(bool isKept)
    {
        Event(SourceEventKind.Ready, "a", PathRole.Input);
        Do(new StreamInput.WorkerStarted(_state.Generation, new WorkerProcessInfo(4711, _now) { Continuity = isKept ? Kept : StreamContinuity.Off }));
        Progressed();
        Wait(5);
    }

    private OutputShows[] Shown() => [.. _state.Day.Select(static span => span.Shows)];

    private void Progressed()
    {
        Wait(1);
        Do(new StreamInput.WorkerProgressed(_state.Generation));
    }

    private void Exited() => Do(new StreamInput.WorkerExited(_state.Generation, "died", RetryHope.Soon, ImmutableArray<string>.Empty));

    private void Wait(int seconds) => _now += TimeSpan.FromSeconds(seconds);

    private EventOutcome Do(StreamInput input)
    {
        StreamDecision decision = _machine.Decide(_state, input, _now);
        _state = decision.State;
        return decision.Outcome;
    }

    private void Event(SourceEventKind kind, string source, PathRole role, DateTimeOffset? at = null) => Do(new StreamInput.SourceChanged(new SourceEvent
    {
        EventId = Guid.NewGuid(),
        Kind = kind,
        Path = new StreamPath(MachineHarness.Id, role),
        Source = new MediaSource("rtmpConn", source),
        OccurredAt = at ?? _now,
    }));
}
