using System.Diagnostics;
using System.Text.Json;
using Streams.Testing.Cluster;

namespace Streams.Benchmarks.Systems;

/// <summary>Who publishes the outputs of a cluster's streams, as its media servers say.</summary>
internal sealed class OutputSources(ClusterSystem system)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    /// <summary>The source of each output that is available, by stream.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Read()
    {
        JsonElement?[] lists = await Task.WhenAll(system.Nodes.Select(static node => node.Server!.Api.Find("/v3/paths/list?itemsPerPage=1000")));
        return lists.SelectMany(static list => list!.Value.GetProperty("items").EnumerateArray())
            .Where(static item => item.GetProperty("name").GetString()!.EndsWith("/out", StringComparison.Ordinal) && item.GetProperty("available").GetBoolean())
            .ToDictionary(static item => item.GetProperty("name").GetString()!.Split('/')[1], static item => item.GetProperty("source").GetProperty("id").GetString()!);
    }

    /// <summary>Looks every 50 ms until each of these streams has an output from another source than before.</summary>
    /// <param name="ids">The streams.</param>
    /// <param name="before">The sources before.</param>
    /// <param name="limit">How long.</param>
    /// <returns>For each stream how long that took, and for how long of it the stream had no output at all.</returns>
    /// <exception cref="TimeoutException">One did not come back.</exception>
    public async Task<IReadOnlyDictionary<string, (TimeSpan Took, TimeSpan Without)>> WaitForOthers(IReadOnlyCollection<string> ids, IReadOnlyDictionary<string, string> before, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        Dictionary<string, (TimeSpan Took, TimeSpan Without)> changed = [];
        Dictionary<string, TimeSpan> without = ids.ToDictionary(static id => id, static _ => TimeSpan.Zero);
        TimeSpan last = TimeSpan.Zero;
        using PeriodicTimer timer = new(Period);
        while (changed.Count < ids.Count)
        {
            IReadOnlyDictionary<string, string> now = await Read();
            TimeSpan at = Stopwatch.GetElapsedTime(start);
            foreach (string id in ids.Where(id => !changed.ContainsKey(id)))
            {
                if (!now.TryGetValue(id, out string? source))
                {
                    without[id] += at - last;
                }
                else if (source != before[id])
                {
                    changed[id] = (at, without[id]);
                }
            }

            last = at;
            if (at > limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds:0} s: outputs of {string.Join(", ", ids.Except(changed.Keys))} from another worker.");
            }

            await timer.WaitForNextTickAsync();
        }

        return changed;
    }
}
