using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Streams.Grains.MediaMtx;
using Streams.Grains.Store;

namespace Streams.Grains.Watch;

/// <summary>Watches one MediaMTX. It keeps nothing: after a restart the first answer tells all.</summary>
internal sealed partial class MediaNodeGrain(
    MediaMtxClient client,
    IStreamStore store,
    NodeStatuses nodes,
    TimeProvider time,
    ILogger<MediaNodeGrain> logger) : Grain, IMediaNodeGrain
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>While MediaMTX is away: less often, but soon enough that its return is noticed within 2 s.</summary>
    private static readonly TimeSpan AwayPeriod = TimeSpan.FromSeconds(1.5);

    /// <summary>What is believed live and not listed, or without its input, is asked about once more before the stream is told.</summary>
    private static readonly TimeSpan DoubtPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>While a worker has started and its output is awaited: it shall not show as starting for longer than it does.</summary>
    private static readonly TimeSpan StartingPeriod = TimeSpan.FromMilliseconds(250);

    private readonly HashSet<StreamId> _doubted = [];
    private readonly PathRates _rates = new(time);
    private readonly SourceConnections _connections = new(client);
    private ImmutableArray<StreamEntry> _believed = [];
    private readonly HashSet<StreamId> _damaged = [];
    private MediaNodeStatus? _status;
    private int _late;
    private IGrainTimer? _timer;
    private bool _someStart;
    private bool _isSoon;

    public Task Watch()
    {
        _timer ??= this.RegisterGrainTimer(static (node, cancel) => node.Poll(cancel), this, new GrainTimerCreationOptions(TimeSpan.Zero, Period) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task WatchClosely()
    {
        if (!_isSoon && _timer is not null && Status.IsReachable)
        {
            _isSoon = true;
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
        _isSoon = false;
        try
        {
            string? version = Status.IsReachable ? Status.Version : await FindVersion(cancellationToken);
            ImmutableArray<(StreamPath Path, PathView View)> live = await client.ListLivePaths(cancellationToken);
            RecordAnswer(live.Length, version, time.GetElapsedTime(askedTimestamp));
            await Notify(await _connections.AddTo(_rates.Measure(live, askedTimestamp), cancellationToken), askedAt, cancellationToken);
            _isSoon = _someStart;
            next = _doubted.Count > 0 ? DoubtPeriod : _someStart ? StartingPeriod : Period;
        }
        catch (MediaMtxException problem)
        {
            RecordProblem(problem);
            next = AwayPeriod;
        }

        nodes.Update(Status);
        _timer?.Change(next, Period);
    }

    /// <summary>Asked before anything else of the server is used.</summary>
    private async Task<string?> FindVersion(CancellationToken cancellationToken)
    {
        string? version = await client.FindVersion(cancellationToken);
        return MediaMtxVersion.FindProblem(version, client.Address) is { } problem ? throw new MediaMtxException(problem) : version;
    }

    private async Task Notify(ImmutableArray<(StreamPath Path, PathView View)> live, DateTimeOffset askedAt, CancellationToken cancellationToken)
    {
        Dictionary<StreamId, StreamObservation> observations = Group(live, askedAt);
        HashSet<StreamId> doubtedBefore = [.. _doubted];
        _doubted.Clear();
        _someStart = false;
        foreach (StreamEntry believed in await ListBelieved(cancellationToken))
        {
            _someStart |= believed.Phase == StreamPhase.Starting;
            StreamObservation? seen = observations.GetValueOrDefault(believed.StreamId);
            bool isMissed = seen is null || (seen.Input is null && believed.Phase != StreamPhase.Offline);
            if (!isMissed)
            {
                continue;
            }

            if (doubtedBefore.Contains(believed.StreamId))
            {
                observations[believed.StreamId] = seen ?? new StreamObservation(askedAt, null, null);
            }
            else
            {
                // A page that shifted may have lost one path of a stream, and its output alone looks like an input that has ended.
                observations.Remove(believed.StreamId);
                _doubted.Add(believed.StreamId);
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

    /// <summary>Which streams are believed live, or have a worker. A store that is away says nothing new: what was last believed holds.</summary>
    private async Task<ImmutableArray<StreamEntry>> ListBelieved(CancellationToken cancellationToken)
    {
        try
        {
            _believed = await store.ListActive(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // Told by the watch of the store.
        }

        return _believed;
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
            return false; // Of all streams alike: the watch of the store says so once.
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
            // One stream that cannot be told, or takes long, must not keep the others from being told; it is told again in a second.
            LogNotTold(failure, id);
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
        _doubted.Clear();
    }

    [LoggerMessage(3001, LogLevel.Information, "MediaMTX answers; {LivePaths} paths are live")]
    private partial void LogReachable(int livePaths);

    [LoggerMessage(3002, LogLevel.Warning, "{Problem} What is live is unknown until it answers: workers are left alone")]
    private partial void LogUnreachable(string problem);

    [LoggerMessage(3004, LogLevel.Warning, "{Streams} streams did not take within {Seconds} s what MediaMTX shows; again in a second")]
    private partial void LogLate(int streams, double seconds);

    [LoggerMessage(3005, LogLevel.Error, "Stream {StreamId} gets no worker: {Problem}")]
    private partial void LogDamaged(StreamId streamId, string problem);

    [LoggerMessage(3003, LogLevel.Warning, "Stream {StreamId} could not be told what MediaMTX shows; again in a second")]
    private partial void LogNotTold(Exception failure, StreamId streamId);
}
