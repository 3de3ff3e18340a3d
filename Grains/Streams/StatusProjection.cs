using Streams.Grains.Feed;
using Streams.Grains.Hosts;
using Streams.Grains.Watch;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>What others see of one stream: its state, what its worker last reported, and what MediaMTX last showed of its paths.</summary>
internal sealed class StatusProjection(StreamId id, string defaultProfile, PlacedRuns runs, FeedOutbox feed, TimeProvider time)
{
    private const string EndedWithoutStore = "The worker has ended, which cannot be saved while the store is away. The next one starts when the store can be used again.";

    private StreamObservation? _seen;

    /// <summary>Keeps what MediaMTX showed. True when that looks different from before.</summary>
    public bool Record(StreamObservation observation)
    {
        bool looksDifferent = _seen?.Input != observation.Input || _seen?.Output != observation.Output;
        _seen = observation;
        return looksDifferent;
    }

    /// <summary>Publishes the status to the feed, without its log and its record of the day.</summary>
    /// <param name="state">The state.</param>
    /// <param name="isSaved">False while the store is away, and the state is the last that was known.</param>
    /// <param name="isCount">Whether only counts have changed.</param>
    public void Publish(StreamState state, bool isSaved = true, bool isCount = false) => feed.Report(Of(state, isSaved, isWhole: false), isCount);

    /// <summary>Takes the stream out of the feed.</summary>
    public void Forget() => feed.Forget(id);

    /// <summary>The status that a state makes now.</summary>
    /// <param name="state">The state.</param>
    /// <param name="isSaved">False while the store is away, and the state is the last that was known: a worker that has ended since is not shown as running.</param>
    /// <param name="isWhole">Whether what is long is wanted too: the worker's last lines, and the record of the day.</param>
    public StreamStatus Of(StreamState state, bool isSaved = true, bool isWhole = true)
    {
        RunView? view = state.HasWorker ? runs.GetView(state.Present, isWhole) : null;
        bool hasEnded = view is { HasEnded: true };
        PathView? output = Of(state.Output, _seen?.Output);
        return new StreamStatus
        {
            StreamId = id,
            Order = state.Order,
            Phase = state.Phase,
            Since = state.Since,
            Generation = state.Generation,
            Profile = state.Profile ?? defaultProfile,
            Input = state.Input,
            Output = isSaved || output is not null ? state.Output : null,
            WorkerPid = hasEnded ? null : state.Worker?.Pid,
            WorkerStartedAt = hasEnded ? null : state.Worker?.StartedAt,
            Progress = hasEnded ? null : view?.Progress,
            Retries = state.Retries,
            RetryAt = state.RetryAt,
            LastReason = hasEnded && !isSaved ? EndedWithoutStore : state.LastReason,
            IsHeld = state.Held,
            LogTail = isWhole ? view?.Log ?? state.LastLog : [],
            WaitingPosition = view?.WaitingPosition,
            InputIdleSince = view?.InputIdleSince,
            Slow = view?.Slow,
            Contested = state.Input is null ? null : Contests.Find(state, time.GetUtcNow()),
            Change = state.Next is { } next ? new StreamChange(next.Cause, next.Generation, next.Since) { WorkerPid = next.Worker?.Pid, TakesOverAt = next.ArrivedAt + next.ProvesFor } : null,
            Audience = state.Audience,
            Day = isWhole ? state.Day : [],
            ChangeProblem = state.ChangeProblem,
            Fallback = state.Fallback is { } fallback ? new StreamFallback(fallback.Profile, fallback.Since, fallback.ReturnAt) : null,
            StandbyChoice = state.StandbyChoice,
            Standby = StandbyOf(state),
            Host = state.HasWorker ? state.Host : null,
            LastFault = state.LastFault,
            DownSince = state.DownSince,
            Conflicts = state.Conflicts,
            Continuity = state.Phase == StreamPhase.Offline ? null : state.Continuity,
            InputPath = Of(state.Input, _seen?.Input),
            OutputPath = output,
        };
    }

    private static StreamStandby? StandbyOf(StreamState state) => state switch
    {
        { Standby: { } standby } => new StreamStandby(standby.IsReady ? StandbyState.Ready : StandbyState.Starting, standby.IsReady ? null : state.StandbyTries?.Problem)
        {
            Generation = standby.Generation,
            Host = standby.Host,
            Since = standby.Since,
            WorkerPid = standby.Worker?.Pid,
        },
        { StandbyTries.Problem: { } problem } => new StreamStandby(StandbyState.Unavailable, problem),
        _ => null,
    };

    /// <summary>What MediaMTX last showed of a path, as long as the same source publishes to it: a stream that has ended is not asked about any more.</summary>
    private static PathView? Of(LiveSource? source, PathView? seen) => source is not null && seen?.Source.IsSameAs(source) == true ? seen : null;
}
