using Microsoft.AspNetCore.Mvc;
using Streams.Api.Access;
using Streams.Api.Cluster;
using Streams.Api.Nodes;
using Streams.Api.Problems;
using Streams.Api.Wire;

namespace Streams.Api.Pages;

/// <summary>Drains a silo by form: a page asks for confirmation, and sends it.</summary>
internal static class DrainPages
{
    private const int MaxFormBytes = 8 * 1_024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder silo = routes.MapGroup("/silos/{name}").RequireAuthorization(AccessPolicies.Operator);
        silo.MapGet("/drain", Confirm);
        silo.MapPost("/drain", Send).WithName("DrainSiloByForm").WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));
    }

    /// <summary>Asks for confirmation.</summary>
    internal static IResult Confirm(string name, PageFrames frames, HttpContext context) => Show(name, null, frames, context);

    /// <summary>Sends the order, and shows the silos, or why it was refused.</summary>
    internal static async Task<IResult> Send(string name, GrainCalls calls, PageFrames frames, HttpContext context, ILoggerFactory loggers) =>
        await DrainEndpoint.Drain(name, calls, context, loggers) is ProblemResult refused ? Show(name, refused.Problem, frames, context) : new PageRedirect("/");

    private static IResult Show(string name, Problem? refusal, PageFrames frames, HttpContext context)
    {
        PageFrame frame = frames.For(context);
        DrainModel model = new() { Frame = frame, Silo = name, AntiForgery = AntiForgery.TokenFor(context), Refusal = refusal?.Detail };
        return PageResults.Page<DrainPage>(model, frame, context, refusal?.Status ?? StatusCodes.Status200OK);
    }
}
