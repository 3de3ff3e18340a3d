using System.Diagnostics.Metrics;
using Streams.Grains.Telemetry;

namespace Streams.Grains.Workers;

/// <summary>Counts the starts and ends of workers, and shows how many there are. Meter <see cref="StreamsMeter"/>.</summary>
internal sealed class WorkerInstruments
{
    private readonly Counter<long> _starts;
    private readonly Counter<long> _exits;

    public WorkerInstruments(IMeterFactory meters, StartGate gate)
    {
        Meter meter = StreamsMeter.Of(meters);
        _starts = meter.CreateCounter<long>("streams.worker.starts", "{start}", "Worker processes started.");
        _exits = meter.CreateCounter<long>("streams.worker.exits", "{exit}", "Worker runs that ended, by how and by what they failed at.");
        meter.CreateObservableGauge("streams.workers", () => gate.Counts.Living, "{worker}", "Workers of this silo.");
        meter.CreateObservableGauge("streams.workers.waiting", () => gate.Counts.Waiting, "{worker}", "Workers that wait for a slot.");
        meter.CreateObservableGauge("streams.workers.max", () => gate.Counts.Max, "{worker}", "Workers that this silo carries at most.");
    }

    /// <summary>A worker's process was started.</summary>
    public void CountStart(string profile) => _starts.Add(1, StreamsMeter.Tag("profile", profile));

    /// <summary>A run ended.</summary>
    /// <param name="how">How.</param>
    /// <param name="fault">What it failed at; null when it did not fail.</param>
    /// <param name="profile">Its profile.</param>
    public void CountExit(WorkerExitKind how, WorkerFault? fault, string profile) =>
        _exits.Add(1, StreamsMeter.Tag("outcome", how.ToString()), StreamsMeter.Tag("fault", fault?.ToString() ?? "None"), StreamsMeter.Tag("profile", profile));
}
