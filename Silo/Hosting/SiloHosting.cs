using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Storage;
using Streams.Silo.Storage;

namespace Streams.Silo.Hosting;

/// <summary>Composes the silo.</summary>
internal static class SiloHosting
{
    /// <summary>Within this the silo has ended its workers and saved, or is killed.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(10);

    /// <summary>Adds Orleans with its storage, the dashboard, and the streams.</summary>
    public static void AddStreamsSilo(this WebApplicationBuilder builder)
    {
        ClusterSettings cluster = builder.Configuration.GetSection(ClusterSettings.Section).Get<ClusterSettings>() ?? new();
        DataOptions data = builder.Configuration.GetSection(DataOptions.Section).Get<DataOptions>() ?? new();
        builder.Services.AddSingleton(_ => new SqliteDatabase(data.DatabaseFile));
        builder.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Streams, static (services, _) => new SqliteGrainStorage(services.GetRequiredService<SqliteDatabase>()));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownLimit);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(cluster.SiloPort, cluster.GatewayPort, serviceId: cluster.ServiceId, clusterId: cluster.ClusterId)
            .AddDashboard());

        // After Orleans, and so ended before it: workers end while their streams can still be told.
        builder.Services.AddStreams();
    }

    /// <summary>Opens the storage before anything else, so that a silo that cannot remember does not start.</summary>
    public static void OpenStorage(this WebApplication app) => app.Services.GetRequiredService<SqliteDatabase>();

    /// <summary>The Orleans dashboard, at <c>/dashboard</c>.</summary>
    public static void MapStreamsDashboard(this WebApplication app) => app.MapOrleansDashboard("/dashboard");
}
