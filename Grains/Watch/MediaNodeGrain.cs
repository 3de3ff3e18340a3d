using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Streams.Grains.MediaMtx;
using Streams.Grains.Store;

namespace Streams.Grains.Watch;

/// <summary>
/// Polls one MediaMTX and notifies each stream of its live paths. It saves nothing: after a restart the first answer has everything. A page boundary
/// that shifts between requests can hide one path, so a stream that seems to have ended is notified only when a second poll confirms it.
/// </summary>
internal sealed partial class MediaNodeGrain(
    MediaMtxClient client,
    IStreamStore store,
    NodeStatuses nodes,
    TimeProvider time,
    ILogger<MediaNodeGrain> logger) : Grain, IMediaNodeGrain
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Poll period while MediaMTX is unreachable: less often, but its return is noticed within 2 s.</summary>
    private static readonly TimeSpan UnreachablePeriod = TimeSpan.FromSeconds(1.5);

    /// <summary>Delay until the poll that confirms that an active stream, or its input, has gone.</summary>
    private static readonly TimeSpan ConfirmPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>Poll period while a started worker's output is expected, so that the stream shows as running soon.</summary>
    private static readonly TimeSpan StartingPeriod = TimeSpan.FromMilliseconds(250);

    private readonly HashSet<StreamId> _unconfirmed = [];
    private readonly PathRates _rates = new(time);
    private readonly SourceConnections _connections = new(client);
    private ImmutableArray<StreamEntry> _active = [];
    private readonly HashSet<StreamId> _damaged = [];
    private MediaNodeStatus? _status;
    private int _late;
    private IGrainTimer? _timer;
    private bool _anyStarting;
    private bool _isPollSoon;

    public Task Watch()
    {
        _timer ??= this.RegisterGrainTimer(static (node, cancel) => node.Poll(cancel), this, new GrainTimerCreationOptions(TimeSpan.Zero, Period) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task WatchClosely()
    {
        if (!_isPollSoon && _timer is not null && Status.IsReachable)
        {
            _isPollSoon = true;
            _timer.Change(StartingPeriod, Period);
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        nodes.Forget(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public Task<MediaNodeStatus> GetStatus() => Task.FromResult(Status);

    private MediaNodeStatus Status => _status ??= new MediaNodeStatus { Name = this.GetPrimaryKeyString() };

    private async Task Poll(CancellationToken cancellationToken)
    {
        DateTimeOffset askedAt = time.GetUtcNow();
        long askedTimestamp = time.GetTimestamp();
        TimeSpan next = Period;
        _isPollSoon = false;
        try
        {
            string? version = Status.IsReachable ? Status.Version : await FindVersion(cancellationToken);
            ImmutableArray<(StreamPath Path, PathView View)> live = await client.ListLivePaths(cancellationToken);
            RecordAnswer(live.Length, version, time.GetElapsedTime(askedTimestamp));
            await Notify(await _connections.AddTo(_rates.Measure(live, askedTimestamp), cancellationToken), askedAt, cancellationToken);
            _isPollSoon = _anyStarting;
            next = _unconfirmed.Count > 0 ? ConfirmPeriod : _anyStarting ? StartingPeriod : Period;
        }
        catch (MediaMtxException problem)
        {
            RecordProblem(problem);
            next = UnreachablePeriod;
        }

        nodes.Update(Status);
        _timer?.Change(next, Period);
    }

    /// <summary>Queries the version before anything else of the server is used, and refuses an unsupported one.</summary>
    private async Task<string?> FindVersion(CancellationToken cancellationToken)
    {
        string? version = await client.FindVersion(cancellationToken);
        return MediaMtxVersion.FindProblem(version, client.Address) is { } problem ? throw new MediaMtxException(problem) : version;
    }

    private async Task Notify(ImmutableArray<(StreamPath Path, PathView View)> live, DateTimeOffset askedAt, CancellationToken cancellationToken)
    {
        Dictionary<StreamId, StreamObservation> observations = Group(live, askedAt);
        HashSet<StreamId> missedBefore = [.. _unconfirmed];
        _unconfirmed.Clear();
        _anyStarting = false;
        foreach (StreamEntry active in await ListActive(cancellationToken))
        {
            _anyStarting |= active.Phase == StreamPhase.Starting;
            StreamObservation? seen = observations.GetValueOrDefault(active.StreamId);
            bool isMissed = seen is null || (seen.Input is null && active.Phase != StreamPhase.Offline);
            if (!isMissed)
            {
                continue;
            }

            if (missedBefore.Contains(active.StreamId))
            {
                observations[active.StreamId] = seen ?? new StreamObservation(askedAt, null, null);
            }
            else
            {
                // The poll may have missed one path of a stream, and an output alone looks like an input that has ended.
                observations.Remove(active.StreamId);
                _unconfirmed.Add(active.StreamId);
            }
        }

        bool[] corrected = await Task.WhenAll(observations.Select(pair => NotifyStream(pair.Key, pair.Value)));
        if (_late > 0)
        {
            LogLate(_late, MediaMtxClient.Timeout.TotalSeconds);
            _late = 0;
        }

        int corrections = corrected.Count(static did => did);
        if (corrections > 0)
        {
            _status = Status with { Corrections = Status.Corrections + corrections };
        }
    }

    /// <summary>The streams that are live or have a worker, as last saved. While the store is unreachable, the previous list is used.</summary>
    private async Task<ImmutableArray<StreamEntry>> ListActive(CancellationToken cancellationToken)
    {
        try
        {
            _active = await store.ListActive(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // StoreWatch reports it.
        }

        return _active;
    }

    private static Dictionary<StreamId, StreamObservation> Group(ImmutableArray<(StreamPath Path, PathView View)> live, DateTimeOffset askedAt)
    {
        Dictionary<StreamId, StreamObservation> observations = [];
        foreach ((StreamPath path, PathView view) in live)
        {
            StreamObservation known = observations.GetValueOrDefault(path.StreamId) ?? new StreamObservation(askedAt, null, null);
            observations[path.StreamId] = path.Role == PathRole.Input ? known with { Input = view } : known with { Output = view };
        }

        return observations;
    }

    private async Task<bool> NotifyStream(StreamId id, StreamObservation observation)
    {
        try
        {
            bool corrected = await GrainFactory.GetGrain<IObservedStream>(id.Value).Observe(observation).WaitAsync(MediaMtxClient.Timeout, time);
            _damaged.Remove(id);
            return corrected;
        }
        catch (StoreUnavailableException)
        {
            return false; // It affects all streams; StoreWatch reports it once.
        }
        catch (TimeoutException)
        {
            _late++;
            return false;
        }
        catch (StreamDamagedException damaged)
        {
            if (_damaged.Add(id))
            {
                LogDamaged(id, damaged.Message);
            }

            return false;
        }
        catch (Exception failure)
        {
            // One stream that fails or is slow must not delay the others. The next poll notifies it again.
            LogNotNotified(failure, id);
            return false;
        }
    }

    private void RecordAnswer(int livePaths, string? version, TimeSpan answerTime)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!Status.IsReachable)
        {
            LogReachable(livePaths);
            _status = Status with { IsReachable = true, Since = now, Problem = null };
        }

        _status = Status with { LastAnswerAt = now, LivePaths = livePaths, Version = version, AnswerTime = answerTime };
    }

    private void RecordProblem(MediaMtxException problem)
    {
        if (Status.IsReachable || Status.Since is null)
        {
            LogUnreachable(problem.Message);
            _status = Status with { IsReachable = false, Since = time.GetUtcNow() };
        }

        _status = Status with { Problem = problem.Message };
        _unconfirmed.Clear();
    }

    [LoggerMessage(3001, LogLevel.Information, "MediaMTX answers; {LivePaths} paths are live")]
    private partial void LogReachable(int livePaths);

    [LoggerMessage(3002, LogLevel.Warning, "{Problem} What is live is unknown until it answers: running workers continue")]
    private partial void LogUnreachable(string problem);

    [LoggerMessage(3004, LogLevel.Warning, "{Streams} streams did not accept an observation of their paths within {Seconds} s; trying again in 1 s")]
    private partial void LogLate(int streams, double seconds);

    [LoggerMessage(3005, LogLevel.Error, "Stream {StreamId} gets no worker: {Problem}")]
    private partial void LogDamaged(StreamId streamId, string problem);

    [LoggerMessage(3003, LogLevel.Warning, "Stream {StreamId} could not be notified of its paths in MediaMTX; trying again in 1 s")]
    private partial void LogNotNotified(Exception failure, StreamId streamId);
}
