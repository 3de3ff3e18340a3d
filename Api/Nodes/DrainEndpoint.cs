using Streams.Api.Access;
using Streams.Api.Cluster;
using Streams.Api.Problems;
using Streams.Api.Wire;

namespace Streams.Api.Nodes;

/// <summary>Endpoint by which an operator drains a silo.</summary>
internal static partial class DrainEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/silos/{name}/drain", Drain).WithName("DrainSilo").WithTags("Nodes")
        .RequireAuthorization(AccessPolicies.Operator).Produces<SiloView>(202).ProducesProblems(404, 409, 500, 503);

    /// <summary>
    /// Drains a silo: nothing new is placed there, each of its streams gets its next run on another silo, and then the silo ends. Progress is in /v1/nodes. Repeating it is no error.
    /// </summary>
    /// <param name="name">The silo's name, or its address, as in /v1/nodes.</param>
    /// <param name="calls">The cluster.</param>
    /// <param name="context">The request.</param>
    /// <param name="loggers">The log.</param>
    internal static async Task<IResult> Drain(string name, GrainCalls calls, HttpContext context, ILoggerFactory loggers)
    {
        GrainAnswer<DrainReceipt> answer = await calls.Call(grains => grains.GetGrain<ISilosGrain>(ISilosGrain.Key).Drain(name), CancellationToken.None);
        if (answer.Unavailable is { } why)
        {
            return ApiProblems.Unavailable(why);
        }

        if (answer.Value.Silo is not { } silo)
        {
            return ApiProblems.UnknownSilo(answer.Value.Known);
        }

        if (answer.Value.Refusal is { } refusal)
        {
            return ApiProblems.CannotDrain(refusal);
        }

        LogDrain(loggers.CreateLogger(typeof(DrainEndpoint)), silo.Name, AccessIdentity.NameOf(context.User));
        return TypedResults.Json(SiloView.Of(silo with { State = SiloState.Draining }), ApiJson.Default.SiloView, statusCode: StatusCodes.Status202Accepted);
    }

    [LoggerMessage(1722, LogLevel.Information, "Drain of silo {Silo} by {Caller}")]
    private static partial void LogDrain(ILogger logger, string silo, string caller);
}
