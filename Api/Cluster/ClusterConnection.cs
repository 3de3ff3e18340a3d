using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Streams.Api.Configuration;

namespace Streams.Api.Cluster;

/// <summary>Connects the stand-alone API to a cluster, as an Orleans client.</summary>
internal static class ClusterConnection
{
    public static WebApplicationBuilder AddClusterConnection(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddCheckedOptions<ClusterConnectionOptions>(builder.Configuration.GetSection(ClusterConnectionOptions.Section));

        // The client's start waits until a silo answers. Started side by side, the HTTP server does not wait with it: it tells
        // that the process lives, and that it cannot serve yet.
        services.Configure<HostOptions>(static host => host.ServicesStartConcurrently = true);
        services.AddOptions<ClusterOptions>().Configure<IOptions<ClusterConnectionOptions>>(static (cluster, own) =>
        {
            cluster.ClusterId = own.Value.ClusterId;
            cluster.ServiceId = own.Value.ServiceId;
        });
        services.AddOptions<StaticGatewayListProviderOptions>().Configure<IOptions<ClusterConnectionOptions>>(static (gateways, own) =>
            gateways.Gateways.Add(new IPEndPoint(IPAddress.Parse(own.Value.GatewayAddress), own.Value.GatewayPort).ToGatewayUri()));
        builder.UseOrleansClient(static client => client
            .UseStaticClustering(static (StaticGatewayListProviderOptions _) => { })
            .AddActivityPropagation()
            .UseConnectionRetryFilter<KeepConnecting>());
        return builder;
    }
}
