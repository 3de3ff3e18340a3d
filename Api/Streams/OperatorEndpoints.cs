using System.Diagnostics;
using Streams.Api.Access;
using Streams.Api.Cluster;
using Streams.Api.Problems;
using Streams.Api.Wire;

namespace Streams.Api.Streams;

/// <summary>Endpoints of an operator's commands to a stream.</summary>
internal static class OperatorEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder stream = routes.MapGroup("/v1/streams/{id}").WithTags("Streams")
            .RequireAuthorization(AccessPolicies.Operator).AddEndpointFilter(CommandLog.Write);
        AsCommand(stream.MapPost("/stop", Stop), "StopStream");
        AsCommand(stream.MapPost("/resume", Resume), "ResumeStream");
        AsCommand(stream.MapPost("/restart", Restart), "RestartStream");
        AsCommand(stream.MapPut("/profile", ChooseProfile), "ChooseStreamProfile").ProducesProblems(400, 415);
        AsCommand(stream.MapPut("/standby", ChooseStandby), "ChooseStreamStandby").ProducesProblems(400, 415);
        stream.MapDelete("", Forget).WithName("ForgetStream").Produces(204).ProducesProblems(404, 409, 422, 500, 503);
    }

    /// <summary>Ends the stream's worker, and starts none until resume or restart, whatever the publisher does. Repeating it is no error.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="context">The request.</param>
    internal static Task<IResult> Stop(string id, GrainCalls calls, HttpContext context) => Command(id, StreamCommand.Stop, calls, context);

    /// <summary>Ends a stop: a worker starts if somebody publishes.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="context">The request.</param>
    internal static Task<IResult> Resume(string id, GrainCalls calls, HttpContext context) => Command(id, StreamCommand.Resume, calls, context);

    /// <summary>Replaces the stream's worker by a new one, with a whole retry budget; ends a stop.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="context">The request.</param>
    internal static Task<IResult> Restart(string id, GrainCalls calls, HttpContext context) => Command(id, StreamCommand.Restart, calls, context);

    /// <summary>Chooses the worker's profile, with a whole retry budget; a running worker is replaced. It holds until another is chosen. A stream that was never seen has it from its first publish on.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="choice">The profile.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="context">The request.</param>
    internal static Task<IResult> ChooseProfile(string id, ProfileChoice choice, GrainCalls calls, HttpContext context) =>
        Order(id, (stream, origin) => stream.ChooseProfile(choice.Profile, origin), calls, context, mayBeNew: true);

    /// <summary>Chooses whether a second worker waits on another silo, whatever the profile says. It holds until another choice is made. A stream that was never seen has it from its first publish on.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="choice">The choice.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="context">The request.</param>
    internal static Task<IResult> ChooseStandby(string id, StandbyChoice choice, GrainCalls calls, HttpContext context) =>
        choice.Standby is { } name && !Enum.GetNames<StandbyMode>().Contains(name, StringComparer.Ordinal)
            ? Task.FromResult<IResult>(ApiProblems.IllegalCommand($"There is no standby '{name}'; there are: {string.Join(", ", Enum.GetNames<StandbyMode>())}."))
            : Order(id, (stream, origin) => stream.ChooseStandby(choice.Standby is null ? null : Enum.Parse<StandbyMode>(choice.Standby), origin), calls, context, mayBeNew: true);

    /// <summary>Forgets a stream that is offline, with its history, an operator's stop, the chosen profile and standby. One whose saved state is damaged is forgotten whatever it is, and starts anew if its input is live.</summary>
    /// <param name="id">The stream's id, 1 to 64 of A-Z a-z 0-9 _ -.</param>
    /// <param name="calls">The cluster.</param>
    internal static async Task<IResult> Forget(string id, GrainCalls calls)
    {
        if (!StreamId.TryParse(id, out StreamId streamId))
        {
            return ApiProblems.InvalidStreamId();
        }

        GrainAnswer<CommandReceipt?> answer = await calls.CallStream<CommandReceipt?>(streamId, static async stream => await stream.Drop(), null, CancellationToken.None);
        return answer switch
        {
            { Unavailable: { } why } => ApiProblems.Unavailable(why),
            { Value: null } => ApiProblems.UnknownStream(streamId),
            { Value.Refusal: { } refusal } => ApiProblems.IllegalCommand(refusal),
            _ => TypedResults.NoContent(),
        };
    }

    private static RouteHandlerBuilder AsCommand(RouteHandlerBuilder endpoint, string name) => endpoint
        .WithName(name).Produces<StreamView>().ProducesProblems(404, 409, 422, 500, 503);

    private static Task<IResult> Command(string id, StreamCommand command, GrainCalls calls, HttpContext context) =>
        Order(id, (stream, origin) => stream.Command(command, origin), calls, context);

    private static async Task<IResult> Order(string id, Func<IStreamGrain, CallOrigin, Task<CommandReceipt>> order, GrainCalls calls, HttpContext context, bool mayBeNew = false)
    {
        if (!StreamId.TryParse(id, out StreamId streamId))
        {
            return ApiProblems.InvalidStreamId();
        }

        // A sender that disconnects does not cancel its command.
        CallOrigin origin = new(context.User.Identity?.Name, Activity.Current?.Id);
        GrainAnswer<CommandReceipt> answer = mayBeNew
            ? await calls.Call(grains => order(grains.GetGrain<IStreamGrain>(streamId.Value), origin), CancellationToken.None)
            : await calls.CallStream(streamId, stream => order(stream, origin), new CommandReceipt(null), CancellationToken.None);
        return answer switch
        {
            { Unavailable: { } why } => ApiProblems.Unavailable(why),
            { Value.Refusal: { } refusal } => ApiProblems.IllegalCommand(refusal), // Also of a stream that was never seen, where the order may be about one.
            { Value.Status: null } => ApiProblems.UnknownStream(streamId),
            { Value.Status: { } status } => TypedResults.Json(StreamView.Of(status), ApiJson.Default.StreamView),
        };
    }
}
