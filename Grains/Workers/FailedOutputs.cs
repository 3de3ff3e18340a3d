using System.Collections.Concurrent;

namespace Streams.Grains.Workers;

/// <summary>
/// Which of the outputs that carry an input's tracks a stream's next run uses. Should nothing of one ever arrive (an encoder waits for a track that is
/// announced and silent), the next run uses the next. Safe for several threads.
/// </summary>
internal sealed class FailedOutputs
{
    /// <summary>More streams than ever have this at once; beyond it all begin with their first output again.</summary>
    private const int MaxStreams = 10_000;

    private readonly ConcurrentDictionary<StreamId, (string SourceId, int Passed)> _passed = new();

    /// <summary>How many outputs were tried in vain for the run's source.</summary>
    public int CountSkipped(WorkerRun run) => _passed.TryGetValue(run.StreamId, out (string SourceId, int Passed) known) && known.SourceId == run.Source.Id ? known.Passed : 0;

    /// <summary>Nothing of the run has arrived.</summary>
    public void Skip(WorkerRun run)
    {
        if (_passed.Count >= MaxStreams)
        {
            _passed.Clear();
        }

        _passed[run.StreamId] = (run.Source.Id, CountSkipped(run) + 1);
    }

    /// <summary>The stream begins with its first output again.</summary>
    public void Forget(StreamId id) => _passed.TryRemove(id, out _);
}
