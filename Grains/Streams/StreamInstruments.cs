using System.Diagnostics.Metrics;
using Streams.Grains.Telemetry;

namespace Streams.Grains.Streams;

/// <summary>Counts and times what happens to streams. Meter <see cref="StreamsMeter"/>.</summary>
internal sealed class StreamInstruments
{
    /// <summary>The name of the counter of <see cref="CountDropped"/>.</summary>
    public const string DroppedName = "streams.worker.callbacks.dropped";

    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 0.7, 1, 2, 5, 10, 30] };

    private static readonly string[] Callbacks =
        [nameof(StreamInput.WorkerStarted), nameof(StreamInput.WorkerProgressed), nameof(StreamInput.WorkerSteady), nameof(StreamInput.WorkerStalled), nameof(StreamInput.WorkerExited)];

    private readonly Counter<long> _dropped;
    private readonly Counter<long> _corrections;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _stalls;
    private readonly Counter<long> _standbyTakeovers;
    private readonly Counter<long> _standbyFailures;
    private readonly Histogram<double> _readyToWorker;
    private readonly Histogram<double> _workerToOutput;
    private readonly Histogram<double> _interruptions;

    public StreamInstruments(IMeterFactory meters)
    {
        Meter meter = StreamsMeter.Of(meters);
        _dropped = meter.CreateCounter<long>(DroppedName, "{callback}", "What worker runs told their streams, and was dropped since it was about an old generation.");
        _corrections = meter.CreateCounter<long>("streams.reconciliation.corrections", "{correction}", "How often MediaMTX's list told a stream what its hooks had not.");
        _retries = meter.CreateCounter<long>("streams.worker.retries", "{retry}", "Retries that were scheduled after a worker had failed.");
        _stalls = meter.CreateCounter<long>("streams.worker.stalls", "{stall}", "Workers that hung while their input delivered, and were replaced.");
        _standbyTakeovers = meter.CreateCounter<long>("streams.standby.takeovers", "{takeover}", "Standbys that have taken an output over.");
        _standbyFailures = meter.CreateCounter<long>("streams.standby.failures", "{failure}", "Standbys that ended or hung before they were needed.");
        _readyToWorker = meter.CreateHistogram("streams.ready_to_worker.duration", "s", "From the input's ready, by the hook's clock, until the worker's process ran.", null, Seconds);
        _workerToOutput = meter.CreateHistogram("streams.worker_to_output.duration", "s", "From the start of the worker's process until its output was available, by the hook's clock.", null, Seconds);
        _interruptions = meter.CreateHistogram("streams.output.interruption.duration", "s", "Interruptions of outputs that should have arrived, by what MediaMTX received.", null, Seconds);
        BeginAtZero();
    }

    /// <summary>A worker's callback was about an old generation.</summary>
    /// <param name="callback">Which one: <c>WorkerStarted</c>, <c>WorkerProgressed</c>, <c>WorkerSteady</c>, <c>WorkerStalled</c>, <c>WorkerExited</c>.</param>
    public void CountDropped(string callback) => _dropped.Add(1, StreamsMeter.Tag("callback", callback));

    /// <summary>The poll changed what a stream believed.</summary>
    public void CountCorrection() => _corrections.Add(1);

    /// <summary>A retry was scheduled.</summary>
    public void CountRetry() => _retries.Add(1);

    /// <summary>A worker hung.</summary>
    public void CountStall() => _stalls.Add(1);

    /// <summary>A standby has stepped in.</summary>
    public void CountStandbyTakeover() => _standbyTakeovers.Add(1);

    /// <summary>A standby failed before it was needed.</summary>
    public void CountStandbyFailure() => _standbyFailures.Add(1);

    /// <summary>The first worker of a new source runs.</summary>
    public void TimeReadyToWorker(TimeSpan time) => Record(_readyToWorker, time);

    /// <summary>A worker's output is available.</summary>
    public void TimeWorkerToOutput(TimeSpan time) => Record(_workerToOutput, time);

    /// <summary>An output arrives again after an interruption.</summary>
    public void TimeInterruption(TimeSpan time) => Record(_interruptions, time);

    /// <summary>A series that begins with its first count has no increase by it: Prometheus, and so an alert, would miss the first stall.</summary>
    private void BeginAtZero()
    {
        _corrections.Add(0);
        _retries.Add(0);
        _stalls.Add(0);
        _standbyTakeovers.Add(0);
        _standbyFailures.Add(0);
        foreach (string callback in Callbacks)
        {
            _dropped.Add(0, StreamsMeter.Tag("callback", callback));
        }
    }

    /// <summary>Two clocks are compared: one that was set back must not spoil the sum.</summary>
    private static void Record(Histogram<double> histogram, TimeSpan time) => histogram.Record(Math.Max(0, time.TotalSeconds));
}
