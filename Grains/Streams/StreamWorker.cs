using System.Diagnostics;
using Streams.Grains.Watch;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>One stream's word to the worker host: which of its runs starts and ends, and what MediaMTX has of the paths of the present one.</summary>
internal sealed class StreamWorker(StreamId id, IWorkerHost workers, OpenOutputs openOutputs)
{
    private WorkerRun? _next;

    /// <summary>Prepares what was decided, before it is saved.</summary>
    public void Prepare(StreamEffect? effect, StreamState state) =>
        _next = effect is StreamEffect.StartWorker start
            ? workers.Prepare(new WorkerRun(id, start.Generation, state.Input!, state.Profile) { IfInputIsLive = start.IfInputIsLive })
            : null;

    /// <summary>Carries out what was prepared, once it is saved.</summary>
    public void Act(StreamEffect? effect, ActivityContext trace)
    {
        switch (effect)
        {
            case StreamEffect.StartWorker:
                workers.Start(_next! with { Trace = trace });
                break;
            case StreamEffect.StopWorker stop:
                workers.Stop(id, stop.Generation, stop.Cause);
                break;
        }
    }

    /// <summary>
    /// Corrects a state that was read by the run that the host has: the row may be gone (forgotten, dropped, deleted by hand) or older than
    /// that run (a backup, a standby that lagged). A run that the state wants goes on under its own number; any other ends, and the next
    /// one gets a later number.
    /// </summary>
    public StreamState Match(StreamState state)
    {
        long latest = workers.FindLatest(id);
        if (latest == 0 || (state.HasWorker && latest == state.Generation))
        {
            return state;
        }

        if (!state.HasWorker || latest < state.Generation)
        {
            workers.Stop(id, latest, StopCause.Operator);
        }

        return latest <= state.Generation ? state : state with { Generation = latest, Worker = state.HasWorker ? workers.GetView(id, latest, withLog: false)?.Process : null };
    }

    /// <summary>Whether the host knows nothing of the present run, and so will never tell of it: its silo has ended, or its start failed.</summary>
    public bool IsLost(StreamState state) => state.HasWorker && !workers.Has(id, state.Generation);

    /// <summary>Tells a run that is to end so again: it may not have been told, if the answer to that save was lost.</summary>
    public void RepeatStop(StreamState state)
    {
        if (state is { HasWorker: true, StopCause: { } cause })
        {
            workers.Stop(id, state.Generation, cause);
        }
    }

    /// <summary>Whether a key is that of the present run.</summary>
    public bool IsKeyOf(StreamState state, string key) => workers.IsKeyOf(id, state.Generation, key);

    /// <summary>Passes on what a hook reported of the output.</summary>
    public void ReportEvent(SourceEvent e, StreamState state)
    {
        openOutputs.Record(e);
        if (e is { Kind: SourceEventKind.Ready, Path.Role: PathRole.Output } && e.Source.Id == state.Output?.Id && IsReceivedBeforeAvailable(e.Source.Type))
        {
            workers.RecordOutputAvailable(id, state.Generation);
        }
    }

    /// <summary>Passes on how many bytes its input and its output have.</summary>
    public void ReportPaths(StreamObservation observation, StreamState state)
    {
        if (observation.Input is { } input && state.Input is { } current && input.Source.IsSameAs(current))
        {
            workers.RecordInput(id, state.Generation, input.InboundBytes);
        }

        if (observation.Output is not { } output)
        {
            workers.RecordOutput(id, state.Generation, null, 0);
        }
        else if (output.Source.Id == state.Output?.Id)
        {
            workers.RecordOutput(id, state.Generation, output.Source.Id, output.InboundBytes);
        }
    }

    /// <summary>Drops what is kept for the stream, whose grain is deactivated.</summary>
    public void Forget() => openOutputs.Forget(id);

    /// <summary>MediaMTX makes an RTMP publish available once it has received and analysed some of it; an RTSP publish before its first packet.</summary>
    private static bool IsReceivedBeforeAvailable(string sourceType) => sourceType.StartsWith("rtmp", StringComparison.Ordinal);
}
