using System.Collections.Concurrent;
using System.Diagnostics;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>One event's spans are its way from the API to the worker's process, as docs/architecture.md shows it.</summary>
public sealed class EventTraceTests(StreamsCluster cluster)
{
    private const string Trace = "1af7651916cd43dd8448eb211c80319c";
    private const string Hook = "b7ad6b7169203331";

    [Fact]
    public async Task The_spans_of_an_event_are_its_way_to_the_process()
    {
        ConcurrentBag<Activity> ended = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == StreamsTracing.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId.ToHexString() == Trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        StreamId id = StreamId.Parse("trace-" + Guid.NewGuid().ToString("N"));
        IStreamGrain stream = cluster.Grains.GetGrain<IStreamGrain>(id.Value);
        SourceEvent ready = new()
        {
            EventId = Guid.NewGuid(),
            Kind = SourceEventKind.Ready,
            Path = new StreamPath(id, PathRole.Input),
            Source = new MediaSource("rtmpConn", "a"),
            OccurredAt = DateTimeOffset.UtcNow,
            TraceParent = $"00-{Trace}-{Hook}-01",
        };
        await stream.Receive(ready);
        await Eventually.Get(stream.GetStatus, static status => status is { WorkerPid: not null }, "a worker");
        await stream.Receive(ready with { EventId = Guid.NewGuid(), Kind = SourceEventKind.NotReady, TraceParent = null });

        // A run that had to wait is prepared again, so the first of each counts.
        Dictionary<string, Activity> spans = ended.GroupBy(static span => span.OperationName).ToDictionary(static spans => spans.Key, static spans => spans.MinBy(static span => span.StartTimeUtc)!);
        Assert.Equal(["prepare worker", "receive event", "save stream", "start worker"], spans.Keys.Order(StringComparer.Ordinal));
        Activity taken = spans["receive event"];
        Assert.Equal(Hook, taken.ParentSpanId.ToHexString());
        Assert.All(["prepare worker", "save stream", "start worker"], name => Assert.Equal(taken.SpanId, spans[name].ParentSpanId));
        Assert.True(spans["start worker"].StartTimeUtc >= spans["save stream"].StartTimeUtc + spans["save stream"].Duration, "The process is started once its run is saved.");
        Assert.All(spans.Values, span => Assert.Equal(id.Value, span.GetTagItem("streams.stream.id")));
    }
}
