using System.Collections.Immutable;
using Streams.Api.Cluster;
using Streams.Api.Problems;
using Streams.Api.Wire;

namespace Streams.Api.Nodes;

/// <summary>Endpoint that shows silos, media servers and the store.</summary>
internal static class NodeEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/nodes", Get).WithName("GetNodes").WithTags("Nodes").Produces<NodesView>().ProducesProblems(500, 503);

    /// <summary>The silos with their workers, capacity and processor time, the media servers with whether they answer, and the store with whether it can be used.</summary>
    /// <param name="calls">The cluster.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static async Task<IResult> Get(GrainCalls calls, CancellationToken cancellationToken)
    {
        GrainAnswer<(ImmutableArray<SiloReport> Silos, ImmutableArray<MediaNodeStatus> Nodes, StoreReport Store)> answer = await calls.Call(grains => Query(grains, calls.MediaServers), cancellationToken);
        if (answer.Unavailable is { } why)
        {
            return ApiProblems.Unavailable(why);
        }

        NodesView view = new() { Silos = [.. answer.Value.Silos.Select(SiloView.Of)], MediaNodes = [.. answer.Value.Nodes.Select(MediaNodeView.Of)], Store = StoreView.Of(answer.Value.Store) };
        return TypedResults.Json(view, ApiJson.Default.NodesView);
    }

    private static async Task<(ImmutableArray<SiloReport> Silos, ImmutableArray<MediaNodeStatus> Nodes, StoreReport Store)> Query(IGrainFactory grains, MediaServers media)
    {
        Task<ImmutableArray<SiloReport>> silos = grains.GetGrain<IFeedGrain>(IFeedGrain.Key).GetSilos();
        Task<ImmutableArray<MediaNodeStatus>> nodes = media.GetStatuses(grains);
        Task<StoreReport> store = grains.GetGrain<IStreamIndexGrain>(IStreamIndexGrain.Key).GetStore();
        return (await silos, await nodes, await store);
    }
}
