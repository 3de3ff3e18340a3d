using Streams.Api.Access;
using Streams.Api.Hosting;
using Streams.Api.Problems;
using Streams.Api.Wire;

namespace Streams.Api.MediaMtxEvents;

/// <summary>Endpoints to which MediaMTX's hooks post their events.</summary>
internal static class MediaMtxEventEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder events = routes.MapGroup("/v1/mediamtx/events").WithTags("MediaMTX events").RequireAuthorization(AccessPolicies.Hook)
            .WithMetadata(ReservedPlace.Marker);
        events.MapPost("/ready", Ready).WithName("TakeReady").DescribeEvent();
        events.MapPost("/not-ready", NotReady).WithName("TakeNotReady").DescribeEvent();
    }

    /// <summary>A path's source is available.</summary>
    /// <remarks>
    /// Called by the hook mtx-hook. Events may come twice, late or in any order: they are paired by sourceId, and a repetition with the
    /// same eventId changes nothing. The stream has saved the event when 202 is answered.
    /// Credentials in the query are removed before anything is stored or logged.
    /// </remarks>
    internal static Task<IResult> Ready(HttpContext context, EventIntake intake) => intake.Receive(SourceEventKind.Ready, context);

    /// <summary>A path's source has ended.</summary>
    /// <remarks>
    /// Called by the hook mtx-hook. Only the end of the path's current source changes something; any other is answered as Stale.
    /// </remarks>
    internal static Task<IResult> NotReady(HttpContext context, EventIntake intake) => intake.Receive(SourceEventKind.NotReady, context);

    private static RouteHandlerBuilder DescribeEvent(this RouteHandlerBuilder endpoint) => endpoint
        .WithMetadata(HookEventSchema.Instance)
        .Produces<EventAccepted>(StatusCodes.Status202Accepted)
        .ProducesProblems(400, 413, 415, 422, 500, 503);
}
