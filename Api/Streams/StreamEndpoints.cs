using Streams.Api.Cluster;
using Streams.Api.Feed;
using Streams.Api.Problems;
using Streams.Api.Wire;

namespace Streams.Api.Streams;

/// <summary>Endpoints that list the streams, and show one with its status and samples.</summary>
internal static class StreamEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder streams = routes.MapGroup("/v1/streams").WithTags("Streams");
        streams.MapGet("", List).WithName("ListStreams").Produces<StreamList>().ProducesProblems(422, 500, 503);
        streams.MapGet("/{id}", Get).WithName("GetStream").Produces<StreamView>().ProducesProblems(404, 422, 500, 503);
        streams.MapGet("/{id}/audience", GetAudience).WithName("GetStreamAudience").Produces<AudienceDayView>().ProducesProblems(404, 422, 500, 503);
        streams.MapGet("/{id}/samples", GetSamples).WithName("GetStreamSamples").Produces<SamplesView>().ProducesProblems(422);
    }

    /// <summary>All streams that are remembered, or those in some phases, or with some text in their ids.</summary>
    /// <param name="phase">Only streams in one of these phases, with commas between. Default all.</param>
    /// <param name="q">Only streams with this in their id, whatever its case. Default all.</param>
    /// <param name="sort">What to sort by: <c>id</c>, <c>phase</c>, <c>since</c>, <c>generation</c>, <c>readers</c> or <c>speed</c>, with a minus before it for the other direction. Streams without readers or speed come last. Default <c>id</c>.</param>
    /// <param name="page">Which page, from 0. Default 0.</param>
    /// <param name="itemsPerPage">How many streams a page has, 1 to 1000. Default 100.</param>
    /// <param name="streams">The streams.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static async Task<IResult> List(
        string? phase, string? q, string? sort, string? page, string? itemsPerPage, StreamLister streams, CancellationToken cancellationToken)
    {
        if (StreamQuery.Read(phase, q, sort, page, itemsPerPage, out Dictionary<string, string[]> errors) is not { } query)
        {
            return ApiProblems.InvalidParameter(errors);
        }

        GrainAnswer<StreamList> answer = await streams.List(query, cancellationToken);
        return answer.Unavailable is { } why ? ApiProblems.Unavailable(why) : TypedResults.Json(answer.Value, ApiJson.Default.StreamList);
    }

    /// <summary>One stream's full status.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static Task<IResult> Get(string id, GrainCalls calls, CancellationToken cancellationToken) =>
        Show(id, calls, static status => TypedResults.Json(StreamView.Of(status), ApiJson.Default.StreamView), cancellationToken);

    /// <summary>What one stream's output showed to its audience over the last 24 hours: live, the fallback programme, the slate, nothing, stopped, offline.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static Task<IResult> GetAudience(string id, GrainCalls calls, TimeProvider time, CancellationToken cancellationToken) =>
        Show(id, calls, status => TypedResults.Json(AudienceDayView.Of(status, time.GetUtcNow()), ApiJson.Default.AudienceDayView), cancellationToken);

    /// <summary>What one stream did over the last ten minutes, as far as this process has seen it: a sample every two seconds.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="samples">What the streams did.</param>
    internal static IResult GetSamples(string id, StreamSamples samples)
    {
        if (!StreamId.TryParse(id, out StreamId streamId))
        {
            return ApiProblems.InvalidStreamId();
        }

        SamplesView view = new()
        {
            PeriodSeconds = StreamSamples.Period.TotalSeconds,
            Samples = [.. samples.Of(streamId).Select(sample => ShowSample(sample, samples.TimeOf(sample)))],
        };
        return TypedResults.Json(view, ApiJson.Default.SamplesView);
    }

    private static async Task<IResult> Show(string id, GrainCalls calls, Func<StreamStatus, IResult> show, CancellationToken cancellationToken)
    {
        if (!StreamId.TryParse(id, out StreamId streamId))
        {
            return ApiProblems.InvalidStreamId();
        }

        GrainAnswer<StreamStatus?> answer = await calls.CallStream(streamId, static stream => stream.GetStatus(), null, cancellationToken);
        return answer switch
        {
            { Unavailable: { } why } => ApiProblems.Unavailable(why),
            { Value: { } status } => show(status),
            _ => ApiProblems.UnknownStream(streamId),
        };
    }

    private static SampleView ShowSample(StreamSample sample, DateTimeOffset at) => new()
    {
        At = at,
        Fps = Known(sample.Fps),
        Speed = Known(sample.Speed),
        InputBps = Known(sample.InputBps),
        OutputBps = Known(sample.OutputBps),
    };

    private static double? Known(float value) => float.IsNaN(value) ? null : Math.Round(value, 2);
}
