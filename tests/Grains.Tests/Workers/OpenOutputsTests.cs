using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Streams.Grains.Tests.Workers;

/// <summary>The end of a silo waits for the hooks of the outputs that it ends, and for no others.</summary>
public sealed class OpenOutputsTests
{
    private static readonly StreamId Id = StreamId.Parse("demo");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _time = new();
    private readonly OpenOutputs _outputs;

    public OpenOutputsTests() => _outputs = new OpenOutputs(_time);

    [Fact]
    public async Task It_waits_until_the_output_is_reported_as_ended()
    {
        _outputs.Record(Event(SourceEventKind.Ready, "a"));
        Task wait = Wait();
        Assert.False(wait.IsCompleted);

        _outputs.Record(Event(SourceEventKind.NotReady, "a"));

        await wait;
    }

    [Fact]
    public async Task It_does_not_wait_for_what_has_no_output_or_an_ended_one()
    {
        Assert.True(Wait().IsCompletedSuccessfully);

        _outputs.Record(Event(SourceEventKind.Ready, "a", PathRole.Input));
        Assert.True(Wait().IsCompletedSuccessfully);

        _outputs.Record(Event(SourceEventKind.Ready, "a"));
        _outputs.Record(Event(SourceEventKind.NotReady, "a"));
        await Wait();
    }

    [Fact]
    public async Task The_late_end_of_a_former_source_is_not_the_end_of_the_output()
    {
        _outputs.Record(Event(SourceEventKind.Ready, "a"));
        _outputs.Record(Event(SourceEventKind.Ready, "b"));
        Task wait = Wait();

        _outputs.Record(Event(SourceEventKind.NotReady, "a"));
        Assert.False(wait.IsCompleted);
        _outputs.Record(Event(SourceEventKind.NotReady, "b"));

        await wait;
    }

    [Fact]
    public async Task A_lost_hook_is_waited_for_until_the_limit()
    {
        _outputs.Record(Event(SourceEventKind.Ready, "a"));
        Task wait = Wait();

        _time.Advance(Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await wait;
    }

    [Fact]
    public void Nothing_is_waited_for_when_no_time_is_left_or_the_stream_is_forgotten()
    {
        _outputs.Record(Event(SourceEventKind.Ready, "a"));
        Assert.True(_outputs.WaitForEnd([Id], TimeSpan.Zero, TestContext.Current.CancellationToken).IsCompletedSuccessfully);

        _outputs.Forget(Id);
        Assert.True(Wait().IsCompletedSuccessfully);
    }

    private Task Wait() => _outputs.WaitForEnd([Id], Limit, TestContext.Current.CancellationToken);

    private static SourceEvent Event(SourceEventKind kind, string sourceId, PathRole role = PathRole.Output) => new()
    {
        EventId = Guid.NewGuid(),
        Kind = kind,
        Path = new StreamPath(Id, role),
        Source = new MediaSource("rtmpConn", sourceId),
        OccurredAt = DateTimeOffset.UnixEpoch,
    };
}
