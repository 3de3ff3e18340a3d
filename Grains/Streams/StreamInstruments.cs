using System.Diagnostics.Metrics;

namespace Streams;

/// <summary>What the streams count. Meter <c>Streams</c>.</summary>
internal static class StreamInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Streams";

    /// <summary>The name of <see cref="CountDropped"/>'s counter.</summary>
    public const string DroppedName = "streams.worker.callbacks.dropped";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        DroppedName, "{callback}", "What worker runs told their streams, and was dropped since it was about an old generation.");

    private static readonly Counter<long> Corrections = Meter.CreateCounter<long>(
        "streams.reconciliation.corrections", "{correction}", "How often MediaMTX's list told a stream what its hooks had not.");

    /// <summary>A worker's callback was about an old generation.</summary>
    /// <param name="callback">Which one: <c>WorkerStarted</c>, <c>WorkerProgressed</c>, <c>WorkerSteady</c>, <c>WorkerStalled</c>, <c>WorkerExited</c>.</param>
    public static void CountDropped(string callback) => Dropped.Add(1, new KeyValuePair<string, object?>("callback", callback));

    /// <summary>The poll changed what a stream believed.</summary>
    public static void CountCorrection() => Corrections.Add(1);
}
