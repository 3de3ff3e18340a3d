using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Streams.Api.Cluster;

namespace Streams.Silo.Membership;

/// <summary>Makes the silo one of a cluster.</summary>
internal static class MembershipHosting
{
    /// <summary>
    /// A dead silo's grains wait so long for their new activation. Orleans' 30 s would be the longest part of a failover.
    /// </summary>
    private static readonly TimeSpan DirectoryLease = TimeSpan.FromSeconds(6);

    /// <summary>Finds other silos by the table in the store's database, and declares dead who does not answer for some seconds: docs/decisions/0032.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">How it is reached. Nothing starts when they are wrong.</param>
    public static ISiloBuilder UsePostgresClustering(this ISiloBuilder silo, ClusterConnectionOptions options)
    {
        silo.Services.AddSingleton<IMembershipTable, PostgresMembershipTable>();
        silo.Services.AddSingleton<IFatalErrorHandler, FatalErrorHandler>();
#pragma warning disable ORLEANSEXP003 // Orleans' own directory deactivates grains of surviving silos with a dead one: docs/decisions/0032.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        return silo
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId))
            .Configure<SiloOptions>(own => own.SiloName = NameOf(options))
            .Configure<EndpointOptions>(endpoints => Configure(endpoints, options))
            .Configure<GrainDirectoryOptions>(static directory => directory.RangeLeaseDuration = DirectoryLease)
            .Configure<ClusterMembershipOptions>(static membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.MinProbeTimeout = TimeSpan.FromSeconds(0.5);
                membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
                membership.NumMissedProbesLimit = 3;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
                membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            });
    }

    /// <summary>The silo's name: two silos of one machine have two ports.</summary>
    internal static string NameOf(ClusterConnectionOptions options) => options.Name.Length > 0 ? options.Name : $"{Environment.MachineName}:{options.SiloPort}";

    private static void Configure(EndpointOptions endpoints, ClusterConnectionOptions options)
    {
        if (!IPAddress.TryParse(options.Address, out IPAddress? address))
        {
            return; // The check of the options tells.
        }

        // Behind a container's published ports the address is the host's, and cannot be listened on.
        IPAddress listens = IsOfThisMachine(address) ? address : address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        endpoints.AdvertisedIPAddress = address;
        endpoints.SiloPort = options.SiloPort;
        endpoints.GatewayPort = options.GatewayPort;
        endpoints.SiloListeningEndpoint = new IPEndPoint(listens, options.SiloPort);
        endpoints.GatewayListeningEndpoint = new IPEndPoint(listens, options.GatewayPort);
    }

    private static bool IsOfThisMachine(IPAddress address) => IPAddress.IsLoopback(address)
        || NetworkInterface.GetAllNetworkInterfaces().Any(card => card.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(address)));
}
