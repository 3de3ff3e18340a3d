using Orleans.Concurrency;
using Streams.Grains.Workers;

namespace Streams.Grains.Hosts;

/// <summary>Asks this silo's host and those of the others, and returns with the first that says yes: a silo that is gone answers late or never.</summary>
[StatelessWorker, Reentrant]
internal sealed class RunKeysGrain(IWorkerHost local, WorkerHosts hosts, TimeProvider time) : Grain, IRunKeysGrain
{
    /// <summary>MediaMTX waits for the answer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public Task<bool> OpensOutput(StreamId streamId, string key) => local.OpensOutput(streamId, key) ? Task.FromResult(true) : AskOthers(host => host.OpensOutput(streamId, key));

    public Task<bool> OpensSide(StreamId streamId, long generation, string key) =>
        local.OpensSide(streamId, generation, key) ? Task.FromResult(true) : AskOthers(host => host.OpensSide(streamId, generation, key));

    private async Task<bool> AskOthers(Func<IWorkerHostService, Task<bool>> ask)
    {
        List<Task<bool>> asked = [.. hosts.ReachOthers().Select(ask)];
        Task limit = Task.Delay(Limit, time);
        while (asked.Count > 0 && await Task.WhenAny([.. asked, limit]) is Task<bool> answer)
        {
            asked.Remove(answer);
            if (answer.IsCompletedSuccessfully && await answer)
            {
                asked.ForEach(static late => late.Ignore());
                return true;
            }

            answer.Ignore();
        }

        asked.ForEach(static late => late.Ignore());
        return false;
    }
}
