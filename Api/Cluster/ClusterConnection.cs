using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using Streams.Api.Configuration;

namespace Streams.Api.Cluster;

/// <summary>Connects the stand-alone API to a cluster, as an Orleans client.</summary>
internal static class ClusterConnection
{
    /// <summary>How soon a silo that has come or gone is known; Orleans' own is a minute.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(10);

    public static WebApplicationBuilder AddClusterConnection(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        IConfigurationSection section = builder.Configuration.GetSection(ClusterConnectionOptions.Section);
        services.AddCheckedOptions<ClusterConnectionOptions>(section);

        // The client's start waits until a silo answers. Started side by side, the HTTP server does not wait with it: it tells
        // that the process lives, and that it cannot serve yet.
        services.Configure<HostOptions>(static host => host.ServicesStartConcurrently = true);
        services.AddOptions<ClusterOptions>().Configure<IOptions<ClusterConnectionOptions>>(static (cluster, own) =>
        {
            cluster.ClusterId = own.Value.ClusterId;
            cluster.ServiceId = own.Value.ServiceId;
        });
        bool isInTable = section.ReadOptions<ClusterConnectionOptions>().Clustering == ClusteringKind.Postgres;
        builder.UseOrleansClient(client => (isInTable ? client.UseGatewayTable(builder.Configuration.GetSection(GatewayTableOptions.Section)) : client.UseOneGateway())
            .AddActivityPropagation()
            .UseConnectionRetryFilter<KeepConnecting>());
        return builder;
    }

    private static IClientBuilder UseOneGateway(this IClientBuilder client)
    {
        client.Services.AddOptions<StaticGatewayListProviderOptions>().Configure<IOptions<ClusterConnectionOptions>>(static (gateways, own) =>
            gateways.Gateways.Add(new IPEndPoint(IPAddress.Parse(own.Value.GatewayAddress), own.Value.GatewayPort).ToGatewayUri()));
        return client.UseStaticClustering(static (StaticGatewayListProviderOptions _) => { });
    }

    private static IClientBuilder UseGatewayTable(this IClientBuilder client, IConfigurationSection section)
    {
        client.Services.AddCheckedOptions<GatewayTableOptions>(section);
        client.Services.AddSingleton<IValidateOptions<GatewayTableOptions>, GatewayTableValidator>();
        client.Services.AddSingleton<IGatewayListProvider, GatewayTable>();
        return client.Configure<GatewayOptions>(static gateways => gateways.GatewayListRefreshPeriod = Refresh);
    }
}
