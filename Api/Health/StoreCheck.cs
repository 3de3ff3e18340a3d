using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Streams.Api.Cluster;
using Streams.Api.Hosting;

namespace Streams.Api.Health;

/// <summary>A silo answers, and its store can be read and written: it has checked that within the last seconds.</summary>
internal sealed class StoreCheck(GrainCalls calls, IOptions<ApiOptions> options) : IHealthCheck
{
    public const string Name = "store";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        GrainAnswer<StoreReport> answer = await calls.Call(
            static grains => grains.GetGrain<IStreamIndexGrain>(IStreamIndexGrain.Key).GetStore(), options.Value.ReadyTimeout, cancellationToken);
        return (answer.Unavailable ?? answer.Value.Problem) is { } why ? HealthCheckResult.Unhealthy(why) : HealthCheckResult.Healthy("It is written.");
    }
}
