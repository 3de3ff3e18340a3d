namespace Streams.Api;

/// <summary>Lets an operator steer a stream, and look back at what happened to it.</summary>
internal static class OperatorEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder stream = routes.MapGroup("/v1/streams/{id}").WithTags("Streams");
        stream.MapGet("/history", GetHistory).WithName("GetStreamHistory").Produces<HistoryView>().ProducesProblems(404, 422, 500, 503);
        stream.MapGet("/runs", GetRuns).WithName("GetStreamRuns").Produces<RunsView>().ProducesProblems(404, 422, 500, 503);
        AsCommand(stream.MapPost("/stop", Stop), "StopStream");
        AsCommand(stream.MapPost("/resume", Resume), "ResumeStream");
        AsCommand(stream.MapPost("/restart", Restart), "RestartStream");
    }

    /// <summary>What happened to a stream: events taken, changes of phase, operators' commands.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static Task<IResult> GetHistory(string id, GrainCalls calls, CancellationToken cancellationToken) =>
        OfHistory(id, calls, static history => TypedResults.Json(HistoryView.Of(history), ApiJson.Default.HistoryView), cancellationToken);

    /// <summary>A stream's ended worker runs, each with its command, times, exit, last progress and last lines.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static Task<IResult> GetRuns(string id, GrainCalls calls, CancellationToken cancellationToken) =>
        OfHistory(id, calls, static history => TypedResults.Json(RunsView.Of(history), ApiJson.Default.RunsView), cancellationToken);

    /// <summary>Ends the stream's worker, and starts none until resume or restart, whatever the publisher does. Repeating it is no error.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static Task<IResult> Stop(string id, GrainCalls calls, CancellationToken cancellationToken) =>
        Command(id, StreamCommand.Stop, static _ => null, calls, cancellationToken);

    /// <summary>Ends a stop: a worker starts if somebody publishes.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static Task<IResult> Resume(string id, GrainCalls calls, CancellationToken cancellationToken) =>
        Command(id, StreamCommand.Resume, static status => status.IsHeld ? null : "The stream is not stopped.", calls, cancellationToken);

    /// <summary>Replaces the stream's worker by a new one, with a whole retry budget; ends a stop.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    internal static Task<IResult> Restart(string id, GrainCalls calls, CancellationToken cancellationToken) => Command(
        id,
        StreamCommand.Restart,
        static status => status.Input is null ? "Nobody publishes the stream's input: there is nothing to work on." : null,
        calls,
        cancellationToken);

    private static void AsCommand(RouteHandlerBuilder endpoint, string name) => endpoint
        .WithName(name).AddEndpointFilter(SameOrigin.Check).Produces<StreamView>().ProducesProblems(403, 404, 409, 422, 500, 503);

    private static async Task<IResult> Command(
        string id, StreamCommand command, Func<StreamStatus, string?> findObjection, GrainCalls calls, CancellationToken cancellationToken)
    {
        if (!StreamId.TryParse(id, out StreamId streamId))
        {
            return Problems.InvalidStreamId();
        }

        GrainAnswer<StreamStatus?> before = await calls.Call(grains => grains.GetGrain<IStreamGrain>(streamId.Value).GetStatus(), cancellationToken);
        if (before.Unavailable is { } away)
        {
            return Problems.Unavailable(away);
        }

        if (before.Value is not { } status)
        {
            return Problems.UnknownStream(streamId);
        }

        if (findObjection(status) is { } objection)
        {
            return Problems.IllegalCommand(objection);
        }

        GrainAnswer<StreamStatus> after = await calls.Call(grains => grains.GetGrain<IStreamGrain>(streamId.Value).Command(command), cancellationToken);
        return after.Unavailable is { } why ? Problems.Unavailable(why) : TypedResults.Json(StreamView.Of(after.Value), ApiJson.Default.StreamView);
    }

    private static async Task<IResult> OfHistory(
        string id, GrainCalls calls, Func<StreamHistory, IResult> show, CancellationToken cancellationToken)
    {
        if (!StreamId.TryParse(id, out StreamId streamId))
        {
            return Problems.InvalidStreamId();
        }

        GrainAnswer<StreamHistory?> answer = await calls.Call(grains => grains.GetGrain<IStreamGrain>(streamId.Value).GetHistory(), cancellationToken);
        return answer switch
        {
            { Unavailable: { } why } => Problems.Unavailable(why),
            { Value: { } history } => show(history),
            _ => Problems.UnknownStream(streamId),
        };
    }
}
