using Microsoft.Extensions.Options;
using Streams.Api.Configuration;

namespace Streams.Silo.Hosting;

/// <summary>Gives the host the time that the end of its workers takes.</summary>
internal sealed class ShutdownSetup(IServiceProvider services, IOptions<WorkerOptions> workers) : IConfigureOptions<HostOptions>
{
    public void Configure(HostOptions options)
    {
        services.CheckOptions(); // The host needs this one first: all errors are told, not only those of the workers.
        options.ShutdownTimeout = ShutdownTime.Of(workers.Value);
    }
}
