using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Streams.Api;

/// <summary>The cluster serves when its catalog answers.</summary>
internal sealed class CatalogCheck(GrainCalls calls, IOptions<ApiOptions> options) : IHealthCheck
{
    public const string Name = "catalog";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var answer = await calls.Call(
            static grains => grains.GetGrain<ICatalogGrain>(ICatalogGrain.Key).List(), options.Value.ReadyTimeout, cancellationToken);
        return answer.Unavailable is { } why ? HealthCheckResult.Unhealthy(why) : HealthCheckResult.Healthy("It answers.");
    }
}
