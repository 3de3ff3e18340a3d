using Orleans.Concurrency;

namespace Streams.Api.Tests;

/// <summary>Knows the streams that a test says something of.</summary>
[StatelessWorker(1)]
public sealed class FakeStreamLookupGrain : Grain, IStreamLookupGrain
{
    /// <summary>Begins the ids that are looked up for as long as <see cref="Cluster.Lookups"/> is held.</summary>
    public const string Stuck = "stuck-";

    public async Task<bool> Exists(StreamId streamId)
    {
        if (streamId.Value.StartsWith(Stuck, StringComparison.Ordinal))
        {
            Interlocked.Increment(ref Cluster.StuckLookups);
            await Cluster.Lookups.Task;
        }

        return Cluster.Statuses.ContainsKey(streamId.Value) || Cluster.Histories.ContainsKey(streamId.Value) || Cluster.RunKeys.ContainsKey(streamId.Value);
    }
}
