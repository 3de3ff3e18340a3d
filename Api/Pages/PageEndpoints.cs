using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Streams.Api.Cluster;
using Streams.Api.Nodes;
using Streams.Api.Problems;
using Streams.Api.Streams;
using Streams.Api.Wire;

namespace Streams.Api.Pages;

/// <summary>Endpoints of the streams page. They call the API's own handlers, and show the same.</summary>
internal static class PageEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/", ShowStreams);
        pages.MapGet("/parts/nodes", ShowNodes);
        pages.MapGet("/parts/streams", ShowList);
        pages.MapGet("/streams/{id}", ShowStream);
        CommandPages.Map(pages);
        DrainPages.Map(pages);
        PlayerPage.Map(pages);
        PageAssets.Map(pages);
    }

    /// <summary>All streams, a page at a time.</summary>
    internal static async Task<IResult> ShowStreams(
        string? phase, string? q, string? sort, string? page, StreamLister streams, GrainCalls calls, PageFrames frames, HttpContext context)
    {
        Task<NodesModel> nodes = Nodes(calls, context.RequestAborted);
        PageFrame frame = frames.For(context);
        (StreamsListModel? list, IResult? problem) = await List(phase, q, sort, page, streams, frame, context.RequestAborted);
        return list is null
            ? PageResults.Problem(problem!, frame, context)
            : PageResults.Page<StreamsPage>(new StreamsModel { Frame = frame, Nodes = await nodes with { Frame = frame }, List = list }, frame, context);
    }

    /// <summary>The list alone, for the page's script: when streams come, go or change their phase.</summary>
    internal static async Task<IResult> ShowList(string? phase, string? q, string? sort, string? page, StreamLister streams, PageFrames frames, HttpContext context)
    {
        (StreamsListModel? list, IResult? problem) = await List(phase, q, sort, page, streams, frames.For(context), context.RequestAborted);
        return list is null ? problem! : PageResults.Part<StreamsList>(list);
    }

    /// <summary>The part of the first page that its script asks for again and again.</summary>
    internal static async Task<IResult> ShowNodes(GrainCalls calls, PageFrames frames, HttpContext context) =>
        PageResults.Part<NodesLine>(await Nodes(calls, context.RequestAborted) with { Frame = frames.For(context) });

    /// <summary>One stream.</summary>
    internal static async Task<IResult> ShowStream(string id, GrainCalls calls, PageFrames frames, TimeProvider time, HttpContext context)
    {
        Task<IResult> history = HistoryEndpoints.GetHistory(id, calls, context.RequestAborted);
        Task<NodesModel> nodes = Nodes(calls, context.RequestAborted);
        Task<IResult> runs = HistoryEndpoints.GetRuns(id, calls, context.RequestAborted);
        PageFrame frame = frames.For(context);
        if (!StreamId.TryParse(id, out StreamId streamId))
        {
            return PageResults.Problem(ApiProblems.InvalidStreamId(), frame, context, id);
        }

        GrainAnswer<StreamStatus?> answer = await calls.CallStream(streamId, static stream => stream.GetStatus(), null, context.RequestAborted);
        if (answer is not { Unavailable: null, Value: { } status })
        {
            return PageResults.Problem(answer.Unavailable is { } why ? ApiProblems.Unavailable(why) : ApiProblems.UnknownStream(streamId), frame, context, id);
        }

        IResult past = await history;
        HistoryView? happened = (past as JsonHttpResult<HistoryView>)?.Value;
        IReadOnlyList<HistoryEntryView> events = happened?.Entries ?? [];
        IReadOnlyList<RunView> ended = await runs is JsonHttpResult<RunsView> { Value: { } kept } ? kept.Runs : [];
        StreamModel model = new()
        {
            Frame = frame,
            Stream = StreamView.Of(status),
            Summary = StreamSummary.Of(status),
            Day = AudienceDayView.Of(status, frame.Now),
            Timeline = Timeline.Of(events, ended),
            StoreProblem = (await nodes).Nodes?.Store is { IsUsable: false } store ? store : null,
            TimelineProblem = happened switch
            {
                null => "The history cannot be read now: " + (past as ProblemResult)?.Problem.Detail,
                { Damaged: { } damaged } => $"{damaged} saved {(damaged == 1 ? "line is" : "lines are")} damaged and missing here.",
                _ => null,
            },
            Failure = StreamFailure.LastOf(ended, events),
        };
        return PageResults.Page<StreamPage>(model, frame, context);
    }

    /// <summary>The nodes as the API shows them.</summary>
    internal static async Task<NodesModel> Nodes(GrainCalls calls, CancellationToken cancellationToken) => await NodeEndpoints.Get(calls, cancellationToken) switch
    {
        JsonHttpResult<NodesView> answer => new NodesModel(answer.Value, null),
        ProblemResult refused => new NodesModel(null, refused.Problem.Detail),
        _ => throw new InvalidOperationException("The nodes are an answer or a problem."),
    };

    private static async Task<(StreamsListModel? List, IResult? Problem)> List(
        string? phase, string? q, string? sort, string? page, StreamLister streams, PageFrame frame, CancellationToken cancellationToken)
    {
        // What is wrong in an address that somebody typed is left out rather than refused.
        StreamPhase? only = Enum.TryParse(phase, ignoreCase: true, out StreamPhase known) && Enum.IsDefined(known) ? known : null;
        StreamQuery part = StreamQuery.Read(only?.ToString(), null, sort, page, null, out _) ?? StreamQuery.Read(only?.ToString(), null, null, null, null, out _)!;
        StreamQuery query = part with { Search = q?.Trim() ?? "" };
        Task<GrainAnswer<ImmutableArray<PhaseCount>>> counting = streams.Count(query.Search, cancellationToken);
        GrainAnswer<StreamList> answer = await streams.List(query, cancellationToken);
        if (answer is { Unavailable: null, Value: { Items.Count: 0, PageCount: > 0 and var pages } })
        {
            query = query with { Paging = query.Paging with { Page = pages - 1 } }; // There were more when somebody made the link.
            answer = await streams.List(query, cancellationToken);
        }

        GrainAnswer<ImmutableArray<PhaseCount>> counts = await counting;
        if ((answer.Unavailable ?? counts.Unavailable) is { } why)
        {
            return answer.IsStoreAway || counts.IsStoreAway ? (ActiveOnly(query, only, streams, frame, why), null) : (null, ApiProblems.Unavailable(why));
        }

        return (new StreamsListModel
        {
            Frame = frame,
            Streams = answer.Value.Items,
            Total = answer.Value.ItemCount,
            Counts = counts.Value,
            Page = query.Paging.Page,
            PageCount = answer.Value.PageCount,
            First = query.Paging.First,
            Phase = only,
            Search = query.Search,
            Sort = query.IsDescending ? "-" + query.Sort : query.Sort,
        }, null);
    }

    /// <summary>What is known without the store.</summary>
    private static StreamsListModel ActiveOnly(StreamQuery query, StreamPhase? only, StreamLister streams, PageFrame frame, string why)
    {
        IReadOnlyList<StreamSummary> all = streams.ListActive(query with { Phases = [] });
        IReadOnlyList<StreamSummary> fitting = [.. all.Where(stream => only is null || stream.Phase == only)];
        return new StreamsListModel
        {
            Frame = frame,
            Streams = fitting,
            Total = fitting.Count,
            Counts = [.. all.GroupBy(static stream => stream.Phase).Select(static group => new PhaseCount(group.Key, group.Count()))],
            Phase = only,
            Search = query.Search,
            Problem = why,
        };
    }
}
