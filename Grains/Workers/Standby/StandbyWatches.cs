using Microsoft.Extensions.Logging;
using Streams.Grains.Continuity;
using Streams.Grains.MediaMtx;

namespace Streams.Grains.Workers.Standby;

/// <summary>Makes the watch of a standby that is about to start, and takes its path away when it has ended.</summary>
internal sealed class StandbyWatches(MediaMtxClients media, KeptNodes paths, RunUrls urls, TimeProvider time, ILogger<StandbyWatch> logger)
{
    /// <summary>The watch of a standby.</summary>
    /// <param name="worker">Its worker.</param>
    /// <param name="steppedIn">Called when it is on the air.</param>
    /// <param name="failed">Called when it cannot get there.</param>
    public StandbyWatch Make(Worker worker, Action<LiveSource> steppedIn, Action<string> failed)
    {
        WorkerRun run = worker.Run;
        return new StandbyWatch(worker, urls.Forwarded(run, worker.Key), media.Of(run.Source.Node), paths.SidesOf(run.Source.Node), time, logger) { SteppedIn = steppedIn, Failed = failed };
    }

    /// <summary>Removes the path of a standby that is gone.</summary>
    public Task Remove(WorkerRun run) => paths.SidesOf(run.Source.Node).Remove(new SidePath(run.StreamId, run.Generation), CancellationToken.None);
}
