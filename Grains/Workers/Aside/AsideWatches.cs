using Microsoft.Extensions.Logging;
using Streams.Grains.Continuity;
using Streams.Grains.MediaMtx;

namespace Streams.Grains.Workers.Aside;

/// <summary>Makes the watch of a run with a path of its own that is about to start, and takes the path away when it has ended.</summary>
internal sealed class AsideWatches(MediaMtxClients media, KeptNodes paths, RunUrls urls, TimeProvider time, ILogger<AsideWatch> logger)
{
    /// <summary>The watch of a run.</summary>
    /// <param name="worker">Its worker.</param>
    /// <param name="steppedIn">Called when it is on the air.</param>
    /// <param name="failed">Called when it cannot get there.</param>
    public AsideWatch Make(Worker worker, Action<LiveSource, TimeSpan?> steppedIn, Action<string> failed)
    {
        WorkerRun run = worker.Run;
        return new AsideWatch(worker, urls.Forwarded(run, worker.Key), media.Of(run.Source.Node), paths.SidesOf(run.Source.Node), time, logger) { SteppedIn = steppedIn, Failed = failed };
    }

    /// <summary>Removes the path of a run that is gone.</summary>
    public Task Remove(WorkerRun run) => paths.SidesOf(run.Source.Node).Remove(new SidePath(run.StreamId, run.Generation), CancellationToken.None);
}
