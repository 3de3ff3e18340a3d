using Streams.Grains.Hosts;
using Streams.Grains.Watch;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>Chooses the hosts of one stream's runs: of the next one, and of its standby.</summary>
internal sealed class RunPlacement(StreamId id, WorkerHosts hosts, WorkerProfiles profiles, NodeWatches nodes, TimeProvider time)
{
    /// <summary>What keeps a standby away for less than this is no news: a change of workers does, until the former one is gone.</summary>
    private static readonly TimeSpan PassingProblem = TimeSpan.FromSeconds(3);

    /// <summary>Timestamp since which no standby can be had; null while one can.</summary>
    private long? _withoutStandbySince;

    /// <summary>The state with the host of a worker that is to be started.</summary>
    public StreamState Place(StreamEffect.StartWorker start, StreamState state)
    {
        string host = hosts.Place(NeedsOf(state));
        return start.Beside is null ? state with { Host = host } : state with { Next = state.Next! with { Host = host } };
    }

    /// <summary>Whether another host than the present one's could take the stream's next run now.</summary>
    public bool CanMove(StreamState state) => hosts.CanPlaceElsewhere(NeedsOf(state), state.Host ?? hosts.Local);

    /// <summary>What there is to do about a standby; null for nothing.</summary>
    public StreamInput.StandbyDue? FindStandbyDue(StreamState state)
    {
        if (!(state.StandbyChoice is { } chosen ? chosen == StandbyMode.Hot : profiles.WantsStandby(state.RunProfile)))
        {
            return state is { Standby: null, StandbyTries: null } ? null : new StreamInput.StandbyDue(false);
        }

        if (state is not { Phase: StreamPhase.Running, Next: null, Standby: null } || !StandbyDecisions.IsDue(state, time.GetUtcNow()))
        {
            _withoutStandbySince = null;
            return null;
        }

        (string? host, string? problem) = state.Continuity is { State: ContinuityState.Kept }
            ? hosts.PlaceStandby(NeedsOf(state), state.Host ?? hosts.Local)
            : (null, $"the output is not kept{(state.Continuity?.Reason is { } reason ? $": {reason}" : "")}");
        _withoutStandbySince = host is null ? _withoutStandbySince ?? time.GetTimestamp() : null;
        bool isPassing = _withoutStandbySince is { } since && time.GetElapsedTime(since) < PassingProblem;
        return isPassing || (host is null && problem == state.StandbyTries?.Problem) ? null : new StreamInput.StandbyDue(true, host, problem);
    }

    private RunNeeds NeedsOf(StreamState state) => new(id, state.RunProfile ?? profiles.Default, profiles.SlotsOf(state.RunProfile), nodes.ZoneOf(state.Node));
}
