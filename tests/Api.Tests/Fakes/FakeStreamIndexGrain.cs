using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Streams.Api.Tests;

/// <summary>Lists what a test has put into <see cref="FakeCluster.List"/>; there are the streams for which it has prepared something.</summary>
[StatelessWorker(1), Reentrant]
public sealed class FakeStreamIndexGrain : Grain, IStreamIndexGrain
{
    /// <summary>Begins the ids that are looked up for as long as <see cref="FakeCluster.Lookups"/> is held.</summary>
    public const string StuckPrefix = "stuck-";

    public async Task<StreamListPage> List(StreamListQuery query)
    {
        StreamEntry[] all = [.. (await FakeCluster.List()).Where(entry => Fits(entry, query))];
        Comparison<StreamEntry> order = query.Sort switch
        {
            StreamSort.Phase => static (a, b) => a.Phase.CompareTo(b.Phase),
            StreamSort.Since => static (a, b) => a.Since.CompareTo(b.Since),
            StreamSort.Generation => static (a, b) => a.Generation.CompareTo(b.Generation),
            _ => static (_, _) => 0,
        };
        Array.Sort(all, (a, b) => (order(a, b) is var by && by != 0 ? by : string.CompareOrdinal(a.StreamId.Value, b.StreamId.Value)) * (query.IsDescending ? -1 : 1));
        return new StreamListPage(all.Length, [.. all.Skip((int)Math.Min(query.Skip, int.MaxValue)).Take(query.Take)]);
    }

    public async Task<ImmutableArray<PhaseCount>> Count(string search) =>
        [.. (await FakeCluster.List()).Where(entry => Fits(entry, new StreamListQuery { Search = search })).GroupBy(static entry => entry.Phase).Select(static group => new PhaseCount(group.Key, group.Count()))];

    public async Task<bool> Exists(StreamId streamId)
    {
        if (streamId.Value.StartsWith(StuckPrefix, StringComparison.Ordinal))
        {
            Interlocked.Increment(ref FakeCluster.StuckLookups);
            await FakeCluster.Lookups.Task;
        }

        return FakeCluster.Statuses.ContainsKey(streamId.Value) || FakeCluster.Histories.ContainsKey(streamId.Value) || FakeCluster.RunKeys.ContainsKey(streamId.Value);
    }

    public async Task<StreamHistory?> GetHistory(StreamId streamId) => await Exists(streamId) ? FakeCluster.Histories.GetValueOrDefault(streamId.Value) : null;

    public async Task<StoreReport> GetStore()
    {
        await FakeCluster.Store();
        return new StoreReport { Store = "memory", Since = default, Problem = FakeCluster.StoreProblem };
    }

    private static bool Fits(StreamEntry entry, StreamListQuery query) =>
        (query.Phases.IsEmpty || query.Phases.Contains(entry.Phase))
        && entry.StreamId.Value.Contains(query.Search, StringComparison.OrdinalIgnoreCase)
        && (query.IsActive is not { } active || active == (entry.IsLive || entry.Phase != StreamPhase.Offline));
}
