using Microsoft.Extensions.Options;
using Streams.Api.Cluster;
using Streams.Api.Configuration;

namespace Streams.Silo.Hosting;

/// <summary>Sets the host's shutdown timeout to the time that draining the silo and ending its workers takes.</summary>
internal sealed class ShutdownSetup(IServiceProvider services, IOptions<WorkerOptions> workers, IOptions<ClusterConnectionOptions> cluster, IOptions<DrainOptions> drain) : IConfigureOptions<HostOptions>
{
    public void Configure(HostOptions options)
    {
        services.CheckOptions(); // The host reads this option first: report all configuration errors, not only those of the workers.
        options.ShutdownTimeout = ShutdownTime.Of(drain.Value, cluster.Value) + ShutdownTime.Of(workers.Value);
    }
}
