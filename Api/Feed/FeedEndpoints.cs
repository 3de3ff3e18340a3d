using Microsoft.Extensions.Options;

namespace Streams.Api;

/// <summary>What happens to the streams, as it happens: server-sent events.</summary>
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
    internal static IResult GetAll(FeedService feed) => feed.Open(null);

    /// <summary>The same for one stream, also for one that does not exist yet.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="feed">The feed.</param>
    internal static IResult GetOne(string id, FeedService feed) =>
        StreamId.TryParse(id, out StreamId streamId) ? feed.Open(streamId) : Problems.InvalidStreamId();
}

/// <summary>Lets clients in, up to the limit.</summary>
internal sealed class FeedService(FeedMirror mirror, IOptions<ApiOptions> options, IHostApplicationLifetime lifetime, AccessTokens tokens, TimeProvider time)
{
    public IResult Open(StreamId? streamId) =>
        new FeedResult(mirror, streamId, options.Value.MaxFeedClients, time, lifetime.ApplicationStopping, tokens.Changed);
}
