using System.Diagnostics.Metrics;
using Xunit;

namespace Streams.Grains.Tests.Telemetry;

/// <summary>What is measured, read as an exporter reads it.</summary>
public sealed class InstrumentsTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly Factory _meters = new();
    private readonly LiveStreams _live;
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _values = [];
    private readonly WorkerInstruments _instruments;

    public InstrumentsTests()
    {
        // By the meter itself: the clusters of other tests have meters of the same name.
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (_meters.Made.Contains(instrument.Meter))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
        _live = new LiveStreams(_meters, TimeProvider.System);
        _instruments = new WorkerInstruments(_meters, new StartGate(10, 2));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void A_slow_contested_or_down_stream_is_1_and_the_others_are_0()
    {
        _live.Update(Status("well"));
        _live.Update(Status("slow") with { Slow = new SlowWorker(Noon, 0.62) });
        _live.Update(Status("contested") with { Contested = new InputContest(3, ["192.0.2.7:5001"]) });
        _live.Update(Status("down") with { Phase = StreamPhase.Starting, DownSince = Noon }); // It is tried again: that alone is no end of the trouble.
        _listener.RecordObservableInstruments();

        Assert.Equal([0, 1, 0, 0], Of("streams.stream.slow"));
        Assert.Equal([0, 0, 1, 0], Of("streams.stream.contested"));
        Assert.Equal([0, 0, 0, 1], Of("streams.stream.down"));

        IEnumerable<double> Of(string name) => new[] { "well", "slow", "contested", "down" }.Select(stream => _values[$"{name} stream={stream}"]);
    }

    [Fact]
    public void An_output_that_is_interrupted_and_an_input_at_two_media_servers_are_measured()
    {
        StreamAudience audience = new(Noon, 2);
        _live.Update(Status("well") with { Audience = audience });
        _live.Update(Status("away") with { Audience = audience with { AwaySince = Noon } });
        _live.Update(Status("conflict") with { Conflicts = [new LiveSource("rtmpConn", "x", "", Noon) { Node = "b" }] });
        _listener.RecordObservableInstruments();

        Assert.Equal([0, 1, 0], Of("streams.stream.output.interrupted"));
        Assert.Equal([0, 0, 1], Of("streams.stream.conflicts"));
        Assert.Equal(2, _values["streams.stream.output.interruptions stream=away"]);
        Assert.False(_values.ContainsKey("streams.stream.output.interruptions stream=conflict"));

        IEnumerable<double> Of(string name) => new[] { "well", "away", "conflict" }.Select(stream => _values[$"{name} stream={stream}"]);
    }

    [Fact]
    public void The_end_of_a_run_is_counted_by_how_it_ended_and_what_it_failed_at()
    {
        _instruments.CountExit(WorkerExitKind.Failed, WorkerFault.Writing, "passthrough");
        _instruments.CountExit(WorkerExitKind.Stopped, null, "passthrough");

        Assert.Equal(1, _values["streams.worker.exits outcome=Failed fault=Writing profile=passthrough"]);
        Assert.Equal(1, _values["streams.worker.exits outcome=Stopped fault=None profile=passthrough"]);
    }

    private static StreamStatus Status(string stream) => new()
    {
        StreamId = StreamId.Parse(stream),
        Order = StreamOrder.Run,
        Phase = StreamPhase.Running,
        Since = Noon,
        Generation = 1,
        Profile = "passthrough",
    };

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string name = instrument.Name;
        foreach ((string tag, object? of) in tags)
        {
            name += $" {tag}={of}";
        }

        _values[name] = value;
    }

    private sealed class Factory : IMeterFactory
    {
        public List<Meter> Made { get; } = [];

        public Meter Create(MeterOptions options)
        {
            Meter meter = new(options);
            Made.Add(meter);
            return meter;
        }

        public void Dispose() => Made.ForEach(static meter => meter.Dispose());
    }
}
