using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Streams.Api.Hosting;
using Streams.Api.Wire;

namespace Streams.Api.Health;

/// <summary>Liveness and readiness, for supervisors, load balancers and <c>make dev</c>.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder health = routes.MapGroup("/health").WithTags("Health").AllowAnonymous().WithMetadata(ReservedPlace.Marker);
        health.MapGet("/live", Live).WithName("Live").Produces<HealthView>();
        health.MapGet("/ready", Ready).WithName("Ready").Produces<HealthView>().Produces<HealthView>(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>The process answers.</summary>
    internal static JsonHttpResult<HealthView> Live() =>
        TypedResults.Json(new HealthView { Status = nameof(HealthStatus.Healthy), Checks = new Dictionary<string, string>() }, ApiJson.Default.HealthView);

    /// <summary>The service can do its work: a silo answers within a second, the media server's Control API answers, and the store can be written.</summary>
    internal static async Task<IResult> Ready(HealthCheckService checks, CancellationToken cancellationToken)
    {
        HealthReport report = await checks.CheckHealthAsync(cancellationToken);
        HealthView view = new()
        {
            Status = report.Status.ToString(),
            Checks = report.Entries.ToDictionary(
                static entry => entry.Key,
                static entry => entry.Value.Status == HealthStatus.Healthy
                    ? nameof(HealthStatus.Healthy)
                    : $"{entry.Value.Status}: {entry.Value.Description}"),
        };
        return TypedResults.Json(view, ApiJson.Default.HealthView, statusCode: report.Status == HealthStatus.Unhealthy ? 503 : 200);
    }
}
