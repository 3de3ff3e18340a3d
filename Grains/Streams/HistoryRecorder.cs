using Streams.Grains.Feed;
using Streams.Grains.Store;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>Records what happens to one stream in its history, and publishes that. <see cref="HistoryWriter"/> has the words.</summary>
internal sealed class HistoryRecorder(StreamId id, HistoryLog history, FeedOutbox feed, TimeProvider time)
{
    /// <summary>How long an order waits for its entry: the order itself is saved, and a store that hangs is no reason to say otherwise.</summary>
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(1);

    /// <summary>Runs of planned changes that are to end. How each does, and whether it was told first, belongs into the history, though nothing is decided by it.</summary>
    private readonly HashSet<long> _leaving = [];

    /// <summary>Waits until what was recorded is saved, so that the loss of the silo does not lose it.</summary>
    public async Task Flush()
    {
        using CancellationTokenSource limit = new(FlushLimit, time);
        await history.Flush(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>Records an input and what it did.</summary>
    public void Record(StreamInput input, StreamDecision decision, StreamState before, InputOrigin origin)
    {
        _leaving.UnionWith(new[] { decision.Leaving, decision.LeavingAside }.OfType<LeavingRun>().Select(static run => run.Generation));
        if (HistoryWriter.Of(input, decision.Outcome, before, decision.State, time.GetUtcNow(), origin) is { } entry)
        {
            if (before.Next?.Generation == decision.State.Generation && input is StreamInput.WorkerExited or StreamInput.WorkerStalled)
            {
                // MediaMTX ends the former one's connection when the next one publishes, which that takes for a failure.
                entry = entry with { Reason = $"Run {before.Generation} ended when its next run took the output over, or before: run {decision.State.Generation} goes on. {entry.Reason}" };
            }

            feed.Report(id, entry);
            history.Add(HistoryRows.Of(id, entry));
        }

        foreach (LiveSource source in NodeDecisions.NewConflicts(before, decision.State))
        {
            HistoryEntry conflict = HistoryWriter.OfConflict(source, decision.State, time.GetUtcNow()) with { TraceId = origin.Trace.TraceId.ToHexString() };
            feed.Report(id, conflict);
            history.Add(HistoryRows.Of(id, conflict));
        }

        if (decision.State.Input is { RemoteAddress: { } address, IsPulled: false } known && before.Input?.RemoteAddress is null)
        {
            history.Add(HistoryRows.Of(id, new SourceAddress(known.Id, address), time.GetUtcNow()));
        }
    }

    /// <summary>Records an ended run, unless it was none of the stream's.</summary>
    public void RecordExit(long generation, WorkerExit exit, EventOutcome outcome)
    {
        if (outcome == EventOutcome.Applied || _leaving.Remove(generation))
        {
            history.Add(HistoryRows.Of(id, HistoryWriter.Of(generation, exit, time.GetUtcNow())));
        }
    }
}
