using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Streams.Grains.Telemetry;

namespace Streams.Grains.Watch;

/// <summary>The statuses of the media nodes that this silo watches, and their gauges. Thread-safe.</summary>
internal sealed class NodeStatuses
{
    private readonly ConcurrentDictionary<string, MediaNodeStatus> _statuses = new();

    public NodeStatuses(IMeterFactory meters)
    {
        Meter meter = StreamsMeter.Of(meters);
        meter.CreateObservableGauge("streams.node.reachable", () => Measure(static node => node.IsReachable ? 1 : 0), null, "1 while this media server answers, else 0; reported by the silo that watches it.");
        meter.CreateObservableGauge("streams.node.paths", () => Measure(static node => node.IsReachable ? node.LivePaths : null), "{path}", "Live paths of streams in this media server.");
    }

    public void Update(MediaNodeStatus status) => _statuses[status.Name] = status;

    public void Forget(string name) => _statuses.TryRemove(name, out _);

    private IEnumerable<Measurement<int>> Measure(Func<MediaNodeStatus, int?> value)
    {
        foreach ((string name, MediaNodeStatus status) in _statuses)
        {
            if (value(status) is { } measured)
            {
                yield return new Measurement<int>(measured, StreamsMeter.Tag("node", name));
            }
        }
    }
}
