using System.Collections.Concurrent;

namespace Streams.Grains.Workers;

/// <summary>
/// Outputs that a hook has reported as available and no hook as ended. A silo that ends keeps its API open for the last of these hooks, which
/// MediaMTX runs a moment after the worker is gone.
/// </summary>
internal sealed class OpenOutputs(TimeProvider time)
{
    private readonly ConcurrentDictionary<StreamId, Output> _outputs = new();

    /// <summary>Records what a hook reported; events of inputs change nothing.</summary>
    public void Record(SourceEvent reported)
    {
        if (reported.Path.Role != PathRole.Output)
        {
            return;
        }

        StreamId id = reported.Path.StreamId;
        if (reported.Kind == SourceEventKind.Ready)
        {
            _outputs[id] = new Output(reported.Source.Id);
        }
        else if (_outputs.TryGetValue(id, out Output? open) && open.SourceId == reported.Source.Id && _outputs.TryRemove(KeyValuePair.Create(id, open)))
        {
            open.Ended.TrySetResult();
        }
    }

    /// <summary>Drops what is known of a stream whose grain is deactivated.</summary>
    public void Forget(StreamId id) => _outputs.TryRemove(id, out _);

    /// <summary>Returns when the outputs of these streams were reported as ended, or the limit is over: a hook may be lost.</summary>
    public async Task WaitForEnd(IEnumerable<StreamId> ids, TimeSpan limit, CancellationToken cancellationToken)
    {
        Task[] ends = [.. ids.Select(id => _outputs.GetValueOrDefault(id)?.Ended.Task).OfType<Task>()];
        if (ends.Length > 0 && limit > TimeSpan.Zero)
        {
            await ((Task)Task.WhenAny(Task.WhenAll(ends), Task.Delay(limit, time, cancellationToken))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class Output(string sourceId)
    {
        public string SourceId => sourceId;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
