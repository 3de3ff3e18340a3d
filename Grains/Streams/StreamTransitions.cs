using System.Collections.Frozen;

namespace Streams.Grains.Streams;

/// <summary>Every legal change of phase. The machine refuses any other; tests read this table too.</summary>
public static class StreamTransitions
{
    private static readonly FrozenSet<(StreamPhase From, StreamPhase To)> Table = new (StreamPhase, StreamPhase)[]
    {
        (StreamPhase.Offline, StreamPhase.Starting),   // a source came
        (StreamPhase.Offline, StreamPhase.Backoff),    // a source came, and the input is contested
        (StreamPhase.Starting, StreamPhase.Running),   // the output arrives
        (StreamPhase.Starting, StreamPhase.Stopping),  // the source went, changed, an operator stopped it, it hung
        (StreamPhase.Starting, StreamPhase.Backoff),   // the worker ended
        (StreamPhase.Starting, StreamPhase.Failed),    // it cannot be started, or the budget is used up
        (StreamPhase.Running, StreamPhase.Stopping),
        (StreamPhase.Running, StreamPhase.Starting),   // the worker ended after it had run steadily: the next one at once
        (StreamPhase.Running, StreamPhase.Backoff),
        (StreamPhase.Running, StreamPhase.Failed),
        (StreamPhase.Backoff, StreamPhase.Starting),   // the retry is due, or a new source or an operator makes it due
        (StreamPhase.Backoff, StreamPhase.Offline),    // the source went, or an operator stopped it
        (StreamPhase.Stopping, StreamPhase.Offline),   // the worker is gone, and none is wanted
        (StreamPhase.Stopping, StreamPhase.Starting),  // the worker is gone, and another is wanted
        (StreamPhase.Stopping, StreamPhase.Backoff),   // the hung worker is gone
        (StreamPhase.Stopping, StreamPhase.Failed),
        (StreamPhase.Failed, StreamPhase.Starting),    // the next try is due, a new source, or an operator
        (StreamPhase.Failed, StreamPhase.Backoff),     // a new source of a contested input
        (StreamPhase.Failed, StreamPhase.Offline),     // the source went, or an operator stopped it
    }.ToFrozenSet();

    /// <summary>All of them.</summary>
    public static IEnumerable<(StreamPhase From, StreamPhase To)> All => Table;

    /// <summary>Whether a stream may go from one phase to another; staying is always legal.</summary>
    public static bool IsLegal(StreamPhase from, StreamPhase to) => from == to || Table.Contains((from, to));
}
