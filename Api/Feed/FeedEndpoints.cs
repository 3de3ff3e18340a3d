using Streams.Api.Problems;

namespace Streams.Api.Feed;

/// <summary>Endpoints of the feed: server-sent events about all streams, or one.</summary>
internal static class FeedEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder feeds = routes.MapGroup("/v1").WithTags("Feed");
        feeds.MapGet("/feed", GetAll).WithName("GetFeed").Produces<string>(contentType: "text/event-stream").ProducesProblems(503);
        feeds.MapGet("/streams/{id}/feed", GetOne).WithName("GetStreamFeed").Produces<string>(contentType: "text/event-stream").ProducesProblems(422, 503);
    }

    /// <summary>All streams as server-sent events: first <c>snapshot</c>, then <c>stream</c>, <c>progress</c> and <c>history</c> as they happen. A client that gives the last <c>id</c> back as <c>Last-Event-ID</c> gets what it missed instead of the snapshot, if that is not too long ago. A comment comes after every 15 s of silence.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="context">The client's request.</param>
    internal static Task GetAll(FeedWriter feed, HttpContext context) => feed.Write(null, context);

    /// <summary>The same for one stream, also for one that does not exist yet.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="feed">The feed.</param>
    /// <param name="context">The client's request.</param>
    internal static Task GetOne(string id, FeedWriter feed, HttpContext context) =>
        StreamId.TryParse(id, out StreamId streamId) ? feed.Write(streamId, context) : ApiProblems.InvalidStreamId().ExecuteAsync(context);
}
