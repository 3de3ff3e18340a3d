using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Streams.Api.Configuration;
using Streams.Api.Hosting;

namespace Streams.Api.Door;

/// <summary>
/// Configures Kestrel: it listens where <see cref="ApiOptions"/> says, with limits that fit small JSON requests from hooks on the same host and a few browsers.
/// </summary>
internal sealed class KestrelSetup(IServiceProvider services, IOptions<ApiOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        // Building the host builds Kestrel, and with it this: the first moment that needs an option, so the one to check all of them.
        services.CheckOptions();

        kestrel.AddServerHeader = false;
        kestrel.Listen(IPAddress.Parse(options.Value.Address), options.Value.Port, listen => listen.UseFrontDoor(services));

        KestrelServerLimits limits = kestrel.Limits;

        // Kestrel would turn the newest away, be it a hook. The front door gives it the place of another.
        limits.MaxConcurrentConnections = null;
        limits.MaxConcurrentUpgradedConnections = 1_024;
        limits.MaxRequestLineSize = 8 * 1_024;
        limits.MaxRequestHeadersTotalSize = 16 * 1_024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestBodySize = 1_024 * 1_024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
    }
}
