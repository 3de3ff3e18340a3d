using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dashboard;
using Streams.Api.Access;
using Streams.Api.Cluster;
using Streams.Api.Hosting;
using Streams.Api.MediaMtxAuth;
using Streams.Silo.Handles;
using Streams.Silo.Storage;

namespace Streams.Silo.Hosting;

/// <summary>Composes the silo.</summary>
internal static class SiloHosting
{
    /// <summary>More than a cluster has streams. Room is kept from the start, and Orleans' default of 1,000,000 would be 18 MB.</summary>
    private const int RememberedGrains = 20_000;

    // Its scripts and styles are files of its own, and its diagrams and charts set styles in the page.
    private const string DashboardContent =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>Adds Orleans with its storage, the dashboard, and the streams.</summary>
    public static void AddStreamsSilo(this WebApplicationBuilder builder)
    {
        ClusterConnectionOptions cluster = builder.Configuration.GetSection(ClusterConnectionOptions.Section).Get<ClusterConnectionOptions>() ?? new();
        builder.Services.AddCheckedOptions<StoreOptions>(builder.Configuration.GetSection(StoreOptions.Section));
        builder.Services.AddSingleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>();
        builder.Services.Configure<DataOptions>(builder.Configuration.GetSection(DataOptions.Section));
        builder.Services.AddSingleton<OpenedStore>();
        builder.Services.AddSingleton(static services => services.GetRequiredService<OpenedStore>().Store);
        builder.Services.AddSingleton<IConnectionListenerFactory, PatientTransport>();
        builder.Services.AddHostedService<HandleWatch>();
        builder.Services.AddCheckedOptions<ShutdownOptions>(builder.Configuration.GetSection(ShutdownOptions.Section));
        builder.Services.AddSingleton<IValidateOptions<ShutdownOptions>, ShutdownValidator>();
        builder.Services.AddSingleton<IValidateOptions<MediaAuthOptions>, MediaKeysValidator>();
        builder.Services.AddSingleton<IConfigureOptions<HostOptions>, ShutdownSetup>();
        builder.UseOrleans(silo => silo
            .Configure<GrainDirectoryOptions>(static directory => directory.CacheSize = RememberedGrains)
            .UseLocalhostClustering(cluster.SiloPort, cluster.GatewayPort, serviceId: cluster.ServiceId, clusterId: cluster.ClusterId)
            .AddDashboard());

        // After Orleans, and so ended before it: workers end while their streams can still be told.
        builder.Services.AddStreams();
    }

    /// <summary>Opens the storage before anything else, so that a silo that cannot remember does not start.</summary>
    public static Task OpenStorage(this WebApplication app) => app.Services.GetRequiredService<OpenedStore>().Open();

    /// <summary>Runs the silo until it is told to end, and has ended.</summary>
    /// <returns>The exit code: 0 when no worker is left.</returns>
    public static async Task<int> RunToTheEnd(this WebApplication app)
    {
        IWorkerHost workers = app.Services.GetRequiredService<IWorkerHost>();
        OpenedStore store = app.Services.GetRequiredService<OpenedStore>();
        CancellationToken ending = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (Exception late) when (ending.IsCancellationRequested && late is OperationCanceledException or AggregateException)
        {
            // Nothing is lost by it: what was decided is saved before it is done.
            await Console.Error.WriteLineAsync($"The silo could not end all of its parts in time: {late.Message}");
        }

        return workers.HasAny || store.IsLost ? 1 : 0;
    }

    /// <summary>Where the keys of the API's sessions are kept.</summary>
    public static string KeyFolder(this WebApplicationBuilder builder) => DataOf(builder).KeyFolder;

    /// <summary>The Orleans dashboard, at <c>/dashboard</c>, for readers.</summary>
    public static void MapStreamsDashboard(this WebApplication app)
    {
        Lazy<RequestDelegate> dashboard = new(() => BuildDashboard(app.Services));
        app.Map("/dashboard/{**path}", context => dashboard.Value(context)).RequireAuthorization(AccessPolicies.Reader).WithMetadata(new ContentPolicy(DashboardContent));
    }

    /// <summary>Its endpoints keep all of its files in memory, compressed and not: 24 MB that only those pay who look at it.</summary>
    private static RequestDelegate BuildDashboard(IServiceProvider services)
    {
        ApplicationBuilder pages = new(services);
        pages.Use(static next => context =>
        {
            context.SetEndpoint(null); // The one that led here; routing looks no further when there is one.
            return next(context);
        });
        pages.UseRouting();
        pages.UseEndpoints(static endpoints => endpoints.MapOrleansDashboard("/dashboard"));
        return pages.Build();
    }

    private static DataOptions DataOf(WebApplicationBuilder builder) => builder.Configuration.GetSection(DataOptions.Section).Get<DataOptions>() ?? new();
}
