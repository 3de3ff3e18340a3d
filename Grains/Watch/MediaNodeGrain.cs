using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Streams.Grains.MediaMtx;
using Streams.Grains.Store;

namespace Streams.Grains.Watch;

/// <summary>
/// Polls one MediaMTX and notifies each stream of its live paths. It saves nothing: after a restart the first answer has everything. <see cref="PollJudge"/>
/// decides what is told to whom.
/// </summary>
internal sealed partial class MediaNodeGrain : Grain, IMediaNodeGrain, IPollNumbers
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Poll period while MediaMTX is unreachable: less often, but its return is noticed within 2 s.</summary>
    private static readonly TimeSpan UnreachablePeriod = TimeSpan.FromSeconds(1.5);

    /// <summary>Delay until the poll that confirms that an active stream, or its input, has gone.</summary>
    private static readonly TimeSpan ConfirmPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>Poll period while a started worker's output is expected, so that the stream shows as running soon.</summary>
    private static readonly TimeSpan StartingPeriod = TimeSpan.FromMilliseconds(250);

    private readonly string _name;
    private readonly bool _isConfigured;
    private readonly MediaMtxClient _client;
    private readonly IStreamStore _store;
    private readonly NodeStatuses _statuses;
    private readonly TimeProvider _time;
    private readonly ILogger<MediaNodeGrain> _logger;
    private readonly PathRates _rates;
    private readonly SourceConnections _connections;
    private readonly PollJudge _judge;
    private readonly HashSet<StreamId> _damaged = [];
    private ImmutableArray<StreamEntry> _active = [];
    private PollPosition _position = new(Guid.NewGuid(), 0);
    private MediaNodeStatus _status;
    private int _late;
    private IGrainTimer? _timer;
    private bool _isPollSoon;

    public MediaNodeGrain(MediaMtxClients clients, MediaNodes nodes, IStreamStore store, NodeStatuses statuses, TimeProvider time, ILogger<MediaNodeGrain> logger)
    {
        _name = this.GetPrimaryKeyString();
        (_store, _statuses, _time, _logger) = (store, statuses, time, logger);
        _isConfigured = nodes.TryFind(_name) is not null;
        _client = clients.Of(_name);
        _rates = new PathRates(time);
        _connections = new SourceConnections(_client);
        _judge = new PollJudge(node => nodes.Find(node).Name == _name);
        _status = new MediaNodeStatus
        {
            Name = _name,
            Zone = nodes.TryFind(_name)?.Zone ?? "",
            Problem = _isConfigured ? null : $"The silo that is to watch media server '{_name}' has none of this name. Give all silos the same {MediaOptions.Section}:{nameof(MediaOptions.Nodes)}.",
        };
    }

    public Task Watch()
    {
        if (!_isConfigured)
        {
            DeactivateOnIdle(); // The next call may find a silo that has it.
        }
        else
        {
            _timer ??= this.RegisterGrainTimer(static (node, cancel) => node.Poll(cancel), this, new GrainTimerCreationOptions(TimeSpan.Zero, Period) { KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    public Task WatchClosely()
    {
        if (!_isPollSoon && _timer is not null && _status.IsReachable)
        {
            _isPollSoon = true;
            _timer.Change(StartingPeriod, Period);
        }

        return Task.CompletedTask;
    }

    public Task<PollPosition> GetPosition() => Task.FromResult(_position);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _statuses.Forget(_name);
        return Task.CompletedTask;
    }

    public Task<MediaNodeStatus> GetStatus() => Task.FromResult(_status);

    private async Task Poll(CancellationToken cancellationToken)
    {
        _position = _position with { Number = _position.Number + 1 };
        DateTimeOffset askedAt = _time.GetUtcNow();
        long askedTimestamp = _time.GetTimestamp();
        TimeSpan next = Period;
        _isPollSoon = false;
        try
        {
            string? version = _status.IsReachable ? _status.Version : await FindVersion(cancellationToken);
            ImmutableArray<(StreamPath Path, PathView View)> live = await _client.ListLivePaths(cancellationToken);
            RecordAnswer(live.Length, version, _time.GetElapsedTime(askedTimestamp));
            StreamObservation nothing = new(askedAt, null, null) { Node = _name, Poll = _position };
            await Notify(await _connections.AddTo(_rates.Measure(live, askedTimestamp), cancellationToken), nothing, cancellationToken);
            _isPollSoon = _judge.AnyStarting;
            next = _judge.IsUnsure ? ConfirmPeriod : _judge.AnyStarting ? StartingPeriod : Period;
        }
        catch (MediaMtxException problem)
        {
            RecordProblem(problem);
            next = UnreachablePeriod;
        }

        _statuses.Update(_status);
        _timer?.Change(next, Period);
    }

    /// <summary>Queries the version before anything else of the server is used, and refuses an unsupported one.</summary>
    private async Task<string?> FindVersion(CancellationToken cancellationToken)
    {
        string? version = await _client.FindVersion(cancellationToken);
        return MediaMtxVersion.FindProblem(version, _client.Address) is { } problem ? throw new MediaMtxException(problem) : version;
    }

    private async Task Notify(ImmutableArray<(StreamPath Path, PathView View)> live, StreamObservation nothing, CancellationToken cancellationToken)
    {
        Dictionary<StreamId, StreamObservation> observations = Group(live, nothing);
        _judge.Judge(observations, await ListActive(cancellationToken), nothing);
        bool[] corrected = await Task.WhenAll(observations.Select(pair => NotifyStream(pair.Key, pair.Value)));
        if (_late > 0)
        {
            LogLate(_name, _late, MediaMtxClient.Timeout.TotalSeconds);
            _late = 0;
        }

        int corrections = corrected.Count(static did => did);
        if (corrections > 0)
        {
            _status = _status with { Corrections = _status.Corrections + corrections };
        }
    }

    /// <summary>The streams that are live or have a worker, as last saved. While the store is unreachable, the previous list is used.</summary>
    private async Task<ImmutableArray<StreamEntry>> ListActive(CancellationToken cancellationToken)
    {
        try
        {
            _active = await _store.ListActive(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // StoreWatch reports it.
        }

        return _active;
    }

    private static Dictionary<StreamId, StreamObservation> Group(ImmutableArray<(StreamPath Path, PathView View)> live, StreamObservation nothing)
    {
        Dictionary<StreamId, StreamObservation> observations = [];
        foreach ((StreamPath path, PathView view) in live)
        {
            StreamObservation known = observations.GetValueOrDefault(path.StreamId) ?? nothing;
            observations[path.StreamId] = path.Role == PathRole.Input ? known with { Input = view } : known with { Output = view };
        }

        return observations;
    }

    private async Task<bool> NotifyStream(StreamId id, StreamObservation observation)
    {
        try
        {
            bool corrected = await GrainFactory.GetGrain<IObservedStream>(id.Value).Observe(observation).WaitAsync(MediaMtxClient.Timeout, _time);
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
        DateTimeOffset now = _time.GetUtcNow();
        if (!_status.IsReachable)
        {
            LogReachable(_name, livePaths);
            _status = _status with { IsReachable = true, Since = now, Problem = null };
        }

        _status = _status with { LastAnswerAt = now, LivePaths = livePaths, Version = version, AnswerTime = answerTime };
    }

    private void RecordProblem(MediaMtxException problem)
    {
        if (_status.IsReachable || _status.Since is null)
        {
            LogUnreachable(problem.Message, _name);
            _status = _status with { IsReachable = false, Since = _time.GetUtcNow() };
        }

        _status = _status with { Problem = problem.Message };
        _judge.Doubt();
    }

    [LoggerMessage(3001, LogLevel.Information, "Media server {Node} answers; {LivePaths} paths are live")]
    private partial void LogReachable(string node, int livePaths);

    [LoggerMessage(3002, LogLevel.Warning, "{Problem} What is live is unknown until it answers: running workers continue. Media server {Node}")]
    private partial void LogUnreachable(string problem, string node);

    [LoggerMessage(3004, LogLevel.Warning, "{Streams} streams did not accept what media server {Node} shows of their paths within {Seconds} s; trying again in 1 s")]
    private partial void LogLate(string node, int streams, double seconds);

    [LoggerMessage(3005, LogLevel.Error, "Stream {StreamId} gets no worker: {Problem}")]
    private partial void LogDamaged(StreamId streamId, string problem);

    [LoggerMessage(3003, LogLevel.Warning, "Stream {StreamId} could not be notified of its paths in MediaMTX; trying again in 1 s")]
    private partial void LogNotNotified(Exception failure, StreamId streamId);
}
