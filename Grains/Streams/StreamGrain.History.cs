using Orleans.Runtime;

namespace Streams;

/// <summary>The stream's history.</summary>
internal sealed partial class StreamGrain
{
    private static readonly TimeSpan HistoryDelay = TimeSpan.FromSeconds(1);

    private IGrainTimer? _historyTimer;

    public Task<StreamHistory?> GetHistory()
    {
        if (!State.Exists)
        {
            DeactivateOnIdle(); // As in GetStatus.
        }

        return Task.FromResult(State.Exists ? history.State : null);
    }

    /// <summary>History is saved with a delay: it is to look at, and a stream that flaps must not write it ten times a second.</summary>
    private void KeepHistory(StreamHistory next)
    {
        if (ReferenceEquals(next, history.State))
        {
            return;
        }

        if (next.Entries != history.State.Entries)
        {
            feed.Note(_id, next.Entries[^1]);
        }

        history.State = next;
        _historyTimer ??= this.RegisterGrainTimer(static (stream, _) => stream.SaveHistory(), this, new GrainTimerCreationOptions(HistoryDelay, HistoryDelay));
    }

    private async Task SaveHistory()
    {
        await history.WriteStateAsync();
        _historyTimer?.Dispose();
        _historyTimer = null;
    }
}
