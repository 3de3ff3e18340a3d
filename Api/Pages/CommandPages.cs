using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Streams.Api.Access;
using Streams.Api.Cluster;
using Streams.Api.Problems;
using Streams.Api.Streams;
using Streams.Api.Wire;

namespace Streams.Api.Pages;

/// <summary>
/// Commands by form: a page asks for confirmation, and sends it. With script the same form stands in a dialog of the stream's page.
/// </summary>
internal static class CommandPages
{
    private const int MaxFormBytes = 8 * 1_024;
    private const string ProfileField = "profile";

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder commands = routes.MapGroup("/streams/{id}").RequireAuthorization(AccessPolicies.Operator);
        foreach (PageCommand command in PageCommand.All)
        {
            commands.MapGet(command.Name, Confirm).WithMetadata(command);
            commands.MapPost(command.Name, Send).WithName($"{command.Operation}ByForm")
                .WithMetadata(command, new RequestSizeLimitAttribute(MaxFormBytes)).AddEndpointFilter(CommandLog.Write);
        }
    }

    /// <summary>Asks for confirmation.</summary>
    internal static Task<IResult> Confirm(string id, GrainCalls calls, PageFrames frames, HttpContext context) => Show(id, null, calls, frames, context);

    /// <summary>Sends the command, and shows the stream, or why it was refused.</summary>
    internal static async Task<IResult> Send(string id, GrainCalls calls, PageFrames frames, HttpContext context)
    {
        PageCommand command = CommandOf(context);
        IResult answer = command == PageCommand.Stop ? await OperatorEndpoints.Stop(id, calls, context)
            : command == PageCommand.Resume ? await OperatorEndpoints.Resume(id, calls, context)
            : command == PageCommand.Restart ? await OperatorEndpoints.Restart(id, calls, context)
            : await OperatorEndpoints.ChooseProfile(id, await ReadProfile(context), calls, context);
        return answer is ProblemResult refused ? await Show(id, refused.Problem, calls, frames, context) : new PageRedirect($"/streams/{id}");
    }

    private static PageCommand CommandOf(HttpContext context) => context.GetEndpoint()!.Metadata.GetRequiredMetadata<PageCommand>();

    private static async Task<ProfileChoice> ReadProfile(HttpContext context)
    {
        IFormCollection form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        return new ProfileChoice { Profile = form[ProfileField].ToString() is { Length: > 0 } chosen ? chosen : null };
    }

    private static async Task<IResult> Show(string id, Problem? refusal, GrainCalls calls, PageFrames frames, HttpContext context)
    {
        PageFrame frame = frames.For(context);
        PageCommand command = CommandOf(context);
        IResult status = await StreamEndpoints.Get(id, calls, context.RequestAborted);
        StreamView? stream = (status as JsonHttpResult<StreamView>)?.Value;
        bool isUnseen = status is ProblemResult { StatusCode: StatusCodes.Status404NotFound };
        if (stream is null && !(isUnseen && command == PageCommand.Profile))
        {
            return PageResults.Problem(status, frame, context);
        }

        SiloView? silo = command == PageCommand.Profile && (await PageEndpoints.Nodes(calls, context.RequestAborted)).Nodes?.Silos is [var first, ..] ? first : null;
        CommandModel model = new()
        {
            Frame = frame,
            StreamId = id,
            IsSeen = !isUnseen,
            Command = command,
            AntiForgery = AntiForgery.TokenFor(context),
            Profiles = silo?.Profiles ?? [],
            DefaultProfile = silo?.DefaultProfile ?? "",
            Profile = stream?.Profile,
            Refusal = refusal?.Detail,
        };
        return PageResults.Page<CommandPage>(model, frame, context, refusal?.Status ?? StatusCodes.Status200OK);
    }
}
