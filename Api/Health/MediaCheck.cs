using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Streams.Api.Cluster;
using Streams.Api.Hosting;

namespace Streams.Api.Health;

/// <summary>The media server's Control API answers the silo that watches it. Without it, what is live is known by hooks alone.</summary>
internal sealed class MediaCheck(GrainCalls calls, IOptions<ApiOptions> options) : IHealthCheck
{
    public const string Name = "media";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        GrainAnswer<MediaNodeStatus> answer = await calls.Call(
            static grains => grains.GetGrain<IMediaNodeGrain>(IMediaNodeGrain.DefaultName).GetStatus(), options.Value.ReadyTimeout, cancellationToken);
        return answer switch
        {
            { Unavailable: { } why } => HealthCheckResult.Unhealthy(why),
            { Value.IsReachable: true } => HealthCheckResult.Healthy("It answers."),
            { Value: var node } => HealthCheckResult.Unhealthy(node?.Problem ?? "MediaMTX's Control API has not been asked yet."),
        };
    }
}
