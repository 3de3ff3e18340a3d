using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace Streams.Api;

/// <summary>
/// Commands by form: a page asks for confirmation, and sends it. With script the same form stands in a dialog of the stream's page.
/// </summary>
internal static class CommandPages
{
    private const int MaxFormBytes = 8 * 1_024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder command = routes.MapGroup("/streams/{id}").AddEndpointFilter(SameOrigin.Check);
        command.MapGet("/{command}", Ask);
        command.MapPost("/{command}", Send).WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));
    }

    /// <summary>Asks for confirmation.</summary>
    internal static Task<IResult> Ask(string id, string command, GrainCalls calls, PageFrames frames, HttpContext context) =>
        Show(id, command, null, calls, frames, context);

    /// <summary>Sends the command, and shows the stream, or why it was refused.</summary>
    internal static async Task<IResult> Send(
        string id, string command, GrainCalls calls, PageFrames frames, IAntiforgery antiforgery, HttpContext context)
    {
        if (PageCommand.Find(command) is not { } known)
        {
            return TypedResults.NotFound();
        }

        if (!context.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(context))
        {
            return await Show(id, command, Problems.StalePage(), calls, frames, context);
        }

        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        IResult answer = known.Name switch
        {
            "stop" => await OperatorEndpoints.Stop(id, calls, context),
            "resume" => await OperatorEndpoints.Resume(id, calls, context),
            "restart" => await OperatorEndpoints.Restart(id, calls, context),
            _ => await OperatorEndpoints.ChooseProfile(id, new ProfileChoice { Profile = form["profile"].ToString() is { Length: > 0 } chosen ? chosen : null }, calls, context),
        };
        return answer is ProblemResult refused ? await Show(id, command, refused, calls, frames, context) : new SeeStream(id);
    }

    private static async Task<IResult> Show(string id, string command, ProblemResult? refused, GrainCalls calls, PageFrames frames, HttpContext context)
    {
        if (PageCommand.Find(command) is not { } known)
        {
            return TypedResults.NotFound();
        }

        PageFrame frame = frames.For(context);
        IResult status = await StreamEndpoints.Get(id, calls, context.RequestAborted);
        if (status is not Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<StreamView> { Value: { } stream })
        {
            return PageResults.Problem(status, frame, context);
        }

        SiloView? silo = known == PageCommand.Profile && (await PageEndpoints.Nodes(calls, context.RequestAborted)).Nodes?.Silos is [var first, ..] ? first : null;
        AntiforgeryTokenSet tokens = context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context);
        CommandModel model = new()
        {
            Frame = frame,
            StreamId = stream.StreamId,
            Command = known,
            AntiForgery = (tokens.FormFieldName, tokens.RequestToken!),
            Profiles = silo?.Profiles ?? [],
            DefaultProfile = silo?.DefaultProfile ?? "",
            Profile = stream.Profile,
            Refusal = refused?.Problem.Detail,
        };
        return PageResults.Page<Pages.CommandPage>(model, frame, context, refused?.Problem.Status ?? StatusCodes.Status200OK);
    }
}
