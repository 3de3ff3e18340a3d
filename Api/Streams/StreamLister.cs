using System.Collections.Immutable;
using Streams.Api.Cluster;
using Streams.Api.Feed;
using Streams.Api.Wire;

namespace Streams.Api.Streams;

/// <summary>
/// Lists streams for the API and the page alike: the store filters, searches, sorts and counts its rows, and the active ones of the page
/// get their latest details from the feed.
/// </summary>
internal sealed class StreamLister(GrainCalls calls, FeedMirror feed)
{
    /// <summary>Maximum active streams that are sorted by a measure here; a cluster has fewer.</summary>
    private const int MaxActive = 20_000;

    /// <summary>The page that is asked for.</summary>
    public Task<GrainAnswer<StreamList>> List(StreamQuery query, CancellationToken cancellationToken) =>
        calls.Call(grains => List(grains.GetGrain<IStreamIndexGrain>(IStreamIndexGrain.Key), query), cancellationToken);

    /// <summary>How many known streams are in each phase.</summary>
    /// <param name="search">Only those with this in their id; all when it is empty.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<GrainAnswer<ImmutableArray<PhaseCount>>> Count(string search, CancellationToken cancellationToken) =>
        calls.Call(grains => grains.GetGrain<IStreamIndexGrain>(IStreamIndexGrain.Key).Count(search), cancellationToken);

    /// <summary>The active streams that fit, by their ids: all that is known while the store is away.</summary>
    public IReadOnlyList<StreamSummary> ListActive(StreamQuery query) =>
    [
        .. feed.Active.Where(status => (query.Phases.IsEmpty || query.Phases.Contains(status.Phase)) && status.StreamId.Value.Contains(query.Search, StringComparison.OrdinalIgnoreCase))
            .Select(StreamSummary.Of).OrderBy(static stream => stream.StreamId, StringComparer.Ordinal),
    ];

    private async Task<StreamList> List(IStreamIndexGrain index, StreamQuery query)
    {
        if (query.Measure is { } measure)
        {
            return await ListByMeasure(index, query, measure);
        }

        StreamListPage page = await index.List(query.ToStore());
        return ListOf(query, page.Total, page.Items.Select(Summarize));
    }

    /// <summary>Active streams by what they measure, then those without it by their ids: whichever the direction, those are never wanted first.</summary>
    private async Task<StreamList> ListByMeasure(IStreamIndexGrain index, StreamQuery query, Func<StreamSummary, double?> measure)
    {
        StreamListQuery some = new() { Phases = query.Phases, Search = query.Search, IsActive = true, Take = MaxActive };
        StreamListPage active = await index.List(some);
        StreamSummary[] all = [.. active.Items.Select(Summarize)];
        IEnumerable<StreamSummary> measured = all.Where(stream => measure(stream) is not null);
        StreamSummary[] sorted =
        [
            .. query.IsDescending ? measured.OrderByDescending(measure) : measured.OrderBy(measure),
            .. all.Where(stream => measure(stream) is null),
        ];
        Paging paging = query.Paging;
        int before = (int)Math.Min(paging.First, sorted.Length);
        StreamSummary[] first = sorted[before..(int)Math.Min(paging.First + paging.ItemsPerPage, sorted.Length)];
        StreamListPage others = await index.List(some with { IsActive = false, Skip = Math.Max(0, paging.First - sorted.Length), Take = paging.ItemsPerPage - first.Length });
        return ListOf(query, active.Total + others.Total, first.Concat(others.Items.Select(Summarize)));
    }

    private static StreamList ListOf(StreamQuery query, long total, IEnumerable<StreamSummary> items) => new()
    {
        ItemCount = (int)Math.Min(total, int.MaxValue),
        PageCount = query.Paging.PagesOf((int)Math.Min(total, int.MaxValue)),
        Items = [.. items],
    };

    /// <summary>Takes the feed's status where it is newer than the saved row, which also lacks what is never saved.</summary>
    private StreamSummary Summarize(StreamEntry entry) =>
        feed.Find(entry.StreamId) is { } status && (status.Generation > entry.Generation || (status.Generation == entry.Generation && status.Since >= entry.Since))
            ? StreamSummary.Of(status)
            : StreamSummary.Of(entry);
}
