using System.Collections.Immutable;

namespace Streams.Grains.MediaMtx;

/// <summary>Makes bits a second of MediaMTX's byte counters: from one answer to the next, for a path that still has the same source.</summary>
internal sealed class PathRates(TimeProvider time)
{
    private Dictionary<StreamPath, PathView> _before = [];
    private long _beforeAt;

    /// <summary>The paths with their rates since the answer before.</summary>
    /// <param name="live">The paths of this answer.</param>
    /// <param name="at">The timestamp of its question.</param>
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
