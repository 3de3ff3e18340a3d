using Microsoft.AspNetCore.Http.HttpResults;

namespace Streams.Api;

/// <summary>The streams page. It shows what the API answers: it asks the API's own handlers.</summary>
internal static class PageEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/", ShowStreams);
        pages.MapGet("/parts/nodes", ShowNodes);
        pages.MapGet("/streams/{id}", ShowStream);
        CommandPages.Map(pages);
        PageAssets.Map(pages);
    }

    /// <summary>All streams.</summary>
    internal static async Task<IResult> ShowStreams(string? phase, string? q, GrainCalls calls, FeedMirror feed, PageFrames frames, HttpContext context)
    {
        Task<NodesModel> nodes = Nodes(calls, context.RequestAborted);
        IResult list = await StreamEndpoints.List(null, null, null, $"{Paging.MaxItemsPerPage}", calls, feed, context.RequestAborted);
        PageFrame frame = frames.For(context);
        if (list is not JsonHttpResult<StreamList> { Value: { } streams })
        {
            return PageResults.Problem(list, frame, context);
        }

        StreamsModel model = new()
        {
            Frame = frame,
            Streams = streams.Items,
            Total = streams.ItemCount,
            Nodes = await nodes,
            Phase = Enum.TryParse(phase, ignoreCase: true, out StreamPhase known) && Enum.IsDefined(known) ? known : null,
            Search = q?.Trim() ?? "",
        };
        return PageResults.Page<Pages.StreamsPage>(model, frame, context);
    }

    /// <summary>The part of the first page that its script asks for again and again.</summary>
    internal static async Task<IResult> ShowNodes(GrainCalls calls, HttpContext context) =>
        PageResults.Part<Pages.NodesLine>(await Nodes(calls, context.RequestAborted));

    /// <summary>One stream.</summary>
    internal static async Task<IResult> ShowStream(string id, GrainCalls calls, PageFrames frames, TimeProvider time, HttpContext context)
    {
        Task<IResult> history = PastEndpoints.GetHistory(id, calls, context.RequestAborted);
        Task<IResult> runs = PastEndpoints.GetRuns(id, calls, context.RequestAborted);
        IResult status = await StreamEndpoints.Get(id, calls, context.RequestAborted);
        PageFrame frame = frames.For(context);
        if (status is not JsonHttpResult<StreamView> { Value: { } stream })
        {
            return PageResults.Problem(status, frame, context, id);
        }

        IReadOnlyList<HistoryEntryView> events = await history is JsonHttpResult<HistoryView> { Value: { } happened } ? happened.Entries : [];
        IReadOnlyList<RunView> ended = await runs is JsonHttpResult<RunsView> { Value: { } past } ? past.Runs : [];
        StreamModel model = new()
        {
            Frame = frame,
            Stream = stream,
            Summary = StreamSummary.Of(stream),
            Timeline = Timeline.Of(events, ended),
            Failure = StreamFailure.LastOf(ended, events),
        };
        return PageResults.Page<Pages.StreamPage>(model, frame, context);
    }

    /// <summary>The nodes as the API shows them.</summary>
    internal static async Task<NodesModel> Nodes(GrainCalls calls, CancellationToken cancellationToken) => await NodeEndpoints.Get(calls, cancellationToken) switch
    {
        JsonHttpResult<NodesView> answer => new NodesModel(answer.Value, null),
        ProblemResult refused => new NodesModel(null, refused.Problem.Detail),
        _ => throw new InvalidOperationException("The nodes are an answer or a problem."),
    };
}
