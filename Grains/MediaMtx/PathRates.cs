using System.Collections.Immutable;

namespace Streams.Grains.MediaMtx;

/// <summary>Computes bit rates from MediaMTX's byte counters, between two polls, for paths that still have the same source.</summary>
internal sealed class PathRates(TimeProvider time)
{
    private Dictionary<StreamPath, PathView> _before = [];
    private long _beforeAt;

    /// <summary>Adds to each path its rates since the previous poll.</summary>
    /// <param name="live">The paths of this poll.</param>
    /// <param name="at">The timestamp at which this poll started.</param>
    public ImmutableArray<(StreamPath Path, PathView View)> Measure(ImmutableArray<(StreamPath Path, PathView View)> live, long at)
    {
        double seconds = time.GetElapsedTime(_beforeAt, at).TotalSeconds;
        ImmutableArray<(StreamPath Path, PathView View)> measured = [.. live.Select(path => (path.Path, Measure(path.Path, path.View, seconds)))];
        _before = live.ToDictionary(static path => path.Path, static path => path.View);
        _beforeAt = at;
        return measured;
    }

    private PathView Measure(StreamPath path, PathView now, double seconds) =>
        seconds > 0 && _before.TryGetValue(path, out PathView? before) && before.Source.Id == now.Source.Id
            ? now with { InboundBps = Rate(before.InboundBytes, now.InboundBytes, seconds), OutboundBps = Rate(before.OutboundBytes, now.OutboundBytes, seconds) }
            : now;

    private static double Rate(long before, long now, double seconds) => Math.Max(0, now - before) * 8 / seconds;
}
