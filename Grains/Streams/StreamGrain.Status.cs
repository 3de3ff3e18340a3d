using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>What others see of the stream.</summary>
internal sealed partial class StreamGrain
{
    public async Task<StreamStatus?> GetStatus()
    {
        await KnowIfPossible();
        if (State.Exists)
        {
            return StatusNow();
        }

        DeactivateOnIdle(); // Whoever asks for ids that never existed must not fill the memory with them.
        return null;
    }

    public async Task<bool> HoldsRunKey(string key)
    {
        await KnowIfPossible();
        if (!State.Exists)
        {
            DeactivateOnIdle();
        }

        return State.Exists && workers.IsKeyOf(_id, State.Generation, key);
    }

    private void Show() => feed.Note(StatusNow(withLog: false));

    private StreamStatus StatusNow(bool withLog = true)
    {
        FollowClock();
        WorkerView? view = State.HasWorker ? workers.Look(_id, State.Generation, withLog) : null;
        return new StreamStatus
        {
            StreamId = _id,
            Order = State.Order,
            Phase = State.Phase,
            Since = State.Since,
            Generation = State.Generation,
            Profile = State.Profile ?? workers.DefaultProfile,
            Input = State.Input,
            Output = State.Output,
            WorkerPid = State.Worker?.Pid,
            WorkerStartedAt = State.Worker?.StartedAt,
            Progress = view?.Progress,
            Retries = State.Retries,
            RetryAt = State.RetryAt,
            LastReason = State.LastReason,
            IsHeld = State.Held,
            LogTail = withLog ? view?.Log ?? State.LastLog : [],
            WaitingPosition = view?.WaitingPosition,
            InputIdleSince = view?.InputIdleSince,
            Slow = view?.Slow,
            Contested = State.Input is null ? null : StreamMachine.FindContest(State, time.GetUtcNow()),
            LastFault = State.LastFault,
            DownSince = State.DownSince,
            InputPath = Of(State.Input, _observation?.Input),
            OutputPath = Of(State.Output, _observation?.Output),
        };
    }

    /// <summary>What MediaMTX last showed of a path, as long as the same source publishes to it: a stream that has ended is not asked about any more.</summary>
    private static PathView? Of(LiveSource? source, PathView? seen) => source is not null && seen?.Source.IsSameAs(source) == true ? seen : null;
}
