using System.Collections.Immutable;

namespace Streams.Api;

/// <summary>Shows the streams to whoever runs the service.</summary>
internal static class StreamEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder streams = routes.MapGroup("/v1/streams").WithTags("Streams");
        streams.MapGet("", List).WithName("ListStreams").Produces<StreamList>().ProducesProblems(422, 500, 503);
        streams.MapGet("/{id}", Get).WithName("GetStream").Produces<StreamView>().ProducesProblems(404, 422, 500, 503);
    }

    /// <summary>All streams ever seen.</summary>
    /// <param name="page">Which page, from 0. Default 0.</param>
    /// <param name="itemsPerPage">How many streams a page has, 1 to 1000. Default 100.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static async Task<IResult> List(string? page, string? itemsPerPage, GrainCalls calls, CancellationToken cancellationToken)
    {
        if (Paging.Read(page, itemsPerPage, out Dictionary<string, string[]> errors) is not { } paging)
        {
            return Problems.InvalidParameter(errors);
        }

        GrainAnswer<ImmutableArray<StreamEntry>> answer = await calls.Call(
            static grains => grains.GetGrain<ICatalogGrain>(ICatalogGrain.Key).List(), cancellationToken);
        return answer.Unavailable is { } why
            ? Problems.Unavailable(why)
            : TypedResults.Json(StreamList.Of(answer.Value, paging), ApiJson.Default.StreamList);
    }

    /// <summary>One stream's full status.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static async Task<IResult> Get(string id, GrainCalls calls, CancellationToken cancellationToken)
    {
        if (!StreamId.TryParse(id, out StreamId streamId))
        {
            return Problems.InvalidStreamId();
        }

        GrainAnswer<StreamStatus?> answer = await calls.Call(
            grains => grains.GetGrain<IStreamGrain>(streamId.Value).GetStatus(), cancellationToken);
        return answer switch
        {
            { Unavailable: { } why } => Problems.Unavailable(why),
            { Value: { } status } => TypedResults.Json(StreamView.Of(status), ApiJson.Default.StreamView),
            _ => Problems.UnknownStream(streamId),
        };
    }
}
