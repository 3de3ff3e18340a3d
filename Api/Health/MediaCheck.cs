using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Streams.Api.Cluster;
using Streams.Api.Hosting;

namespace Streams.Api.Health;

/// <summary>
/// The Control API of each media server answers the silo that watches it. Without it, what is live there is known by hooks alone. While one of several answers
/// the service is ready: the streams of the others alone are concerned.
/// </summary>
internal sealed class MediaCheck(GrainCalls calls, IOptions<ApiOptions> options) : IHealthCheck
{
    public const string Name = "media";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        GrainAnswer<ImmutableArray<MediaNodeStatus>> answer = await calls.Call(calls.MediaServers.GetStatuses, options.Value.ReadyTimeout, cancellationToken);
        if (answer.Unavailable is { } why)
        {
            return HealthCheckResult.Unhealthy(why);
        }

        MediaNodeStatus[] silent = [.. answer.Value.Where(static node => !node.IsReachable)];
        if (silent.Length == 0)
        {
            return HealthCheckResult.Healthy(answer.Value.Length == 1 ? "It answers." : "All answer.");
        }

        string problems = answer.Value.Length == 1 ? ProblemOf(silent[0]) : string.Join(" ", silent.Select(static node => $"{node.Name}: {ProblemOf(node)}"));
        return silent.Length < answer.Value.Length ? HealthCheckResult.Degraded(problems) : HealthCheckResult.Unhealthy(problems);
    }

    private static string ProblemOf(MediaNodeStatus node) => node.Problem ?? "MediaMTX's Control API has not been asked yet.";
}
