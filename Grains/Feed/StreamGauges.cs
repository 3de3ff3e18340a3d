using System.Diagnostics.Metrics;
using Streams.Grains.Telemetry;

namespace Streams.Grains.Feed;

/// <summary>Gauges of the streams that this silo holds, read at scrape time, so that the series of a stream ends with the stream.</summary>
internal sealed class StreamGauges(Meter meter, LiveStreams live, TimeProvider time)
{
    private readonly StreamLabels _labels = new(id => live.Find(id) is { IsActive: true }, time);

    /// <summary>Adds them to the meter, which holds them from then on.</summary>
    public void Create()
    {
        meter.CreateObservableGauge("streams.streams", CountByPhase, "{stream}", "Streams that this silo holds, by phase.");
        AddStreams();
    }

    private void AddStreams()
    {
        Gauge("streams.stream.fps", null, "Frames a second, as the worker says.", static stream => Known(stream.Progress?.Fps));
        Gauge("streams.stream.speed", null, "Output time for each second of real time, as the worker says: 1 is keeping up.", static stream => Known(stream.Progress?.Speed));
        Gauge("streams.stream.bitrate", "bit/s", "Bits a second written, as the worker says.", static stream => Known(stream.Progress?.BitrateBps));
        Gauge("streams.stream.generation", null, "The number of the latest worker run.", static stream => stream.Generation);
        Gauge("streams.stream.readers", "{reader}", "Readers of the output.", static stream => stream.OutputPath?.Readers);
        Gauge("streams.stream.input.live", null, "1 while somebody publishes the input, else 0.", static stream => stream.Input is null ? 0 : 1);
        Gauge("streams.stream.output.live", null, "1 while the output is available, else 0.", static stream => stream.Output is null ? 0 : 1);
        Gauge("streams.stream.input.idle", null, "1 while the input's publisher is connected and sends nothing, else 0.", static stream => stream.InputIdleSince is null ? 0 : 1);
        Gauge("streams.stream.wanted", null, "1 while a worker should run, else 0.", static stream => stream.Order == StreamOrder.Run ? 1 : 0);
        Gauge("streams.stream.failed", null, "1 while the stream's phase is Failed, else 0.", static stream => stream.Phase == StreamPhase.Failed ? 1 : 0);
        Gauge("streams.stream.down", null, "1 while the stream's retries are used up and no worker has run since, else 0.", static stream => stream.DownSince is null ? 0 : 1);
        Gauge("streams.stream.slow", null, "1 while the worker is slower than real time, else 0.", static stream => stream.Slow is null ? 0 : 1);
        Gauge("streams.stream.contested", null, "1 while publishers take the input over from each other again and again, else 0.", static stream => stream.Contested is null ? 0 : 1);
        Gauge("streams.stream.fallback", null, "1 while the audience gets the fallback programme, else 0.", static stream => stream.Fallback is null ? 0 : 1);
        Gauge("streams.stream.conflicts", "{publisher}", "Publishers of the same input at other media servers.", static stream => stream.Conflicts.IsDefault ? 0 : stream.Conflicts.Length);
        Gauge("streams.stream.output.interrupted", null, "1 while nothing arrives of the output although the input is live, else 0.", static stream => stream.Audience?.AwaySince is null ? 0 : 1);
        Counter("streams.stream.output.interruptions", "{interruption}", "Interruptions of the output in this broadcast.", static stream => stream.Audience?.Interruptions);
        Gauge("streams.stream.standby", null, "1 while the standby of a stream that asks for one is ready, else 0.", static stream => stream.Standby is { } standby ? standby.State == StandbyState.Ready ? 1 : 0 : null);
        Counter("streams.stream.drops", "{frame}", "Frames that the current run dropped.", static stream => stream.Progress?.DroppedFrames);
        Counter("streams.stream.duplicates", "{frame}", "Frames that the current run wrote twice.", static stream => stream.Progress?.DuplicatedFrames);
        Counter("streams.stream.input.bytes", "By", "Bytes that MediaMTX received from the input's source.", static stream => stream.InputPath?.InboundBytes);
        Counter("streams.stream.output.bytes", "By", "Bytes that MediaMTX received from the worker.", static stream => stream.OutputPath?.InboundBytes);

        void Gauge(string name, string? unit, string description, Func<StreamStatus, double?> value) =>
            meter.CreateObservableGauge(name, () => OfStreams(value), unit, description);

        void Counter(string name, string unit, string description, Func<StreamStatus, long?> value) =>
            meter.CreateObservableCounter(name, () => OfStreams(value), unit, description);
    }

    private IEnumerable<Measurement<T>> OfStreams<T>(Func<StreamStatus, T?> value)
        where T : struct
    {
        foreach (StreamStatus stream in live.All.Where(static stream => stream.IsActive))
        {
            if (value(stream) is { } measured)
            {
                yield return new Measurement<T>(measured, new KeyValuePair<string, object?>("stream", _labels.Of(stream.StreamId)));
            }
        }
    }

    private IEnumerable<Measurement<int>> CountByPhase()
    {
        ILookup<StreamPhase, StreamStatus> phases = live.All.ToLookup(static stream => stream.Phase);
        return Enum.GetValues<StreamPhase>().Select(phase => new Measurement<int>(phases[phase].Count(), StreamsMeter.Tag("phase", phase.ToString())));
    }

    private static double? Known(double? value) => value is { } number && double.IsFinite(number) && number != 0 ? number : null;
}
