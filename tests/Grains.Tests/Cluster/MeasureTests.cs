using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>What is timed, also when MediaMTX's list was quicker than its hooks.</summary>
public sealed class MeasureTests(StreamsCluster cluster)
{
    private static readonly MediaSource Input = new("rtmpConn", "m-in");
    private static readonly MediaSource Output = new("rtmpConn", "m-out");

    private readonly StreamId _id = StreamId.Parse("m-" + Guid.NewGuid().ToString("N"));

    private IStreamGrain Stream => cluster.Grains.GetGrain<IStreamGrain>(_id.Value);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_time_to_the_first_output_is_measured_once_a_run(bool isListedFirst)
    {
        ConcurrentQueue<double> seconds = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, itself) =>
        {
            if (instrument.Name == "streams.worker_to_output.duration")
            {
                itself.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => seconds.Enqueue(value));
        listener.Start();

        await Stream.Receive(Ready(PathRole.Input, Input, TimeProvider.System.GetUtcNow()));
        StreamStatus running = await Eventually.Get(async () => (await Stream.GetStatus())!, static status => status.Phase == StreamPhase.Running, "running");
        TimeSpan mine = TimeSpan.FromSeconds(isListedFirst ? 1001 : 1002); // No other stream's.
        DateTimeOffset at = running.WorkerStartedAt!.Value + mine;
        if (isListedFirst)
        {
            await cluster.Grains.GetGrain<IObservedStream>(_id.Value).Observe(new StreamObservation(TimeProvider.System.GetUtcNow(), View(Input), View(Output)));
        }

        await Stream.Receive(Ready(PathRole.Output, Output, at));
        await Stream.Receive(Ready(PathRole.Output, Output, at + TimeSpan.FromSeconds(1)));
        Assert.Single(seconds, value => Math.Abs(value - mine.TotalSeconds) < 0.01);
        Assert.DoesNotContain(seconds, value => value > mine.TotalSeconds + 0.5);

        await Stream.Receive(Ready(PathRole.Input, Input, at) with { Kind = SourceEventKind.NotReady });
        await Eventually.Get(async () => (await Stream.GetStatus())!, static status => status.Phase == StreamPhase.Offline, "offline");
    }

    private static PathView View(MediaSource source) => new() { Source = new LiveSource(source.Type, source.Id, "", TimeProvider.System.GetUtcNow()) };

    private SourceEvent Ready(PathRole role, MediaSource source, DateTimeOffset at) => new()
    {
        EventId = Guid.NewGuid(),
        Kind = SourceEventKind.Ready,
        Path = new StreamPath(_id, role),
        Source = source,
        Query = "",
        OccurredAt = at,
    };
}
