using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Runtime;
using Streams.Api.Access;
using Streams.Api.Cluster;
using Streams.Api.Hosting;
using Streams.Api.MediaMtxAuth;
using Streams.Grains.Continuity;
using Streams.Silo.Handles;
using Streams.Silo.Membership;
using Streams.Silo.Storage;
using Streams.Silo.Storage.Postgres;

namespace Streams.Silo.Hosting;

/// <summary>Composes the silo.</summary>
internal static class SiloHosting
{
    /// <summary>Size of the grain directory cache: more than a cluster has streams. It is allocated at the start; Orleans' default of 1,000,000 takes 18 MB.</summary>
    private const int DirectoryCacheSize = 20_000;

    /// <summary>Time for what the host disposes of after its services have stopped.</summary>
    private static readonly TimeSpan DisposalTime = TimeSpan.FromSeconds(1);

    // The dashboard loads its own scripts and styles; its diagrams and charts set inline styles.
    private const string DashboardContentPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>Adds Orleans with its storage, the dashboard, and the streams.</summary>
    public static void AddStreamsSilo(this WebApplicationBuilder builder)
    {
        IConfigurationSection clusterSection = builder.Configuration.GetSection(ClusterConnectionOptions.Section);
        ClusterConnectionOptions cluster = clusterSection.ReadOptions<ClusterConnectionOptions>();
        builder.Services.AddCheckedOptions<ClusterConnectionOptions>(clusterSection);
        builder.Services.AddSingleton<IValidateOptions<ClusterConnectionOptions>, ClusterValidator>();
        builder.Services.AddCheckedOptions<StoreOptions>(builder.Configuration.GetSection(StoreOptions.Section));
        builder.Services.AddSingleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>();
        builder.Services.Configure<DataOptions>(builder.Configuration.GetSection(DataOptions.Section));
        builder.Services.PostConfigure<ContinuityOptions>(continuity => continuity.SlateFolder = continuity.SlateFolder.Length > 0 ? continuity.SlateFolder : DataOf(builder).SlateFolder);
        builder.Services.AddSingleton<OpenedStore>();
        builder.Services.AddSingleton(static services => services.GetRequiredService<OpenedStore>().Store);
        builder.Services.AddSingleton<IConnectionListenerFactory, HandleAwareTransport>();
        builder.Services.AddHostedService<HandleWatch>();
        builder.Services.AddCheckedOptions<ShutdownOptions>(builder.Configuration.GetSection(ShutdownOptions.Section));
        builder.Services.AddSingleton<IValidateOptions<ShutdownOptions>, ShutdownValidator>();
        builder.Services.AddSingleton<IValidateOptions<MediaAuthOptions>, MediaKeysValidator>();
        builder.Services.AddSingleton<IConfigureOptions<HostOptions>, ShutdownSetup>();
        builder.UseOrleans(silo => silo
            .Configure<GrainDirectoryOptions>(static directory => directory.CacheSize = DirectoryCacheSize)
            .UseClustering(cluster)
            .AddDashboard());

        // After Orleans, and so stopped before it: workers end while their streams can still be notified.
        builder.Services.AddStreams();
    }

    /// <summary>Opens the store before anything else, so that a silo without a usable store does not start.</summary>
    public static Task OpenStorage(this WebApplication app) => app.Services.GetRequiredService<OpenedStore>().Open();

    /// <summary>Runs the silo until it is asked to end and has shut down.</summary>
    /// <returns>The exit code: 0 when no worker is left and the store still belongs to this silo, otherwise 1.</returns>
    public static async Task<int> RunUntilStopped(this WebApplication app)
    {
        IWorkerHost workers = app.Services.GetRequiredService<IWorkerHost>();
        OpenedStore store = app.Services.GetRequiredService<OpenedStore>();
        CancellationToken ending = app.Lifetime.ApplicationStopping;
        try
        {
            await Run(app, ending);
        }
        catch (OrleansLifecycleCanceledException) when (ending.IsCancellationRequested)
        {
            // It was told to end while it started.
        }
        catch (Exception late) when (ending.IsCancellationRequested && late is OperationCanceledException or AggregateException or TimeoutException)
        {
            // Nothing is lost: decisions are saved before they are carried out.
            await Console.Error.WriteLineAsync($"The silo could not stop all of its services in time: {late.Message}");
        }

        return workers.HasAny || store.IsLost ? 1 : 0;
    }

    /// <summary>Keeps the keys of browser sessions in the data folder, or, where every silo of a cluster has to know them, in the cluster's database.</summary>
    /// <param name="builder">The silo's builder.</param>
    /// <param name="keys">What protects the sessions.</param>
    public static void KeepSessionKeys(this WebApplicationBuilder builder, IDataProtectionBuilder keys)
    {
        if (builder.Configuration.GetSection(ClusterConnectionOptions.Section).ReadOptions<ClusterConnectionOptions>().Clustering == ClusteringKind.Postgres)
        {
            keys.Services.AddSingleton<PostgresSessionKeys>();
            keys.Services.AddOptions<KeyManagementOptions>().Configure<PostgresSessionKeys>(static (management, store) => management.XmlRepository = store);
        }
        else
        {
            keys.KeepInFolder(DataOf(builder).KeyFolder);
        }
    }

    /// <summary>Maps the Orleans dashboard to <c>/dashboard</c>, for the role <c>reader</c>.</summary>
    public static void MapStreamsDashboard(this WebApplication app)
    {
        Lazy<RequestDelegate> dashboard = new(() => BuildDashboard(app.Services));
        app.Map("/dashboard/{**path}", context => dashboard.Value(context)).RequireAuthorization(AccessPolicies.Reader).WithMetadata(new ContentPolicy(DashboardContentPolicy));
    }

    /// <summary>
    /// Runs the host, and waits no longer for its end, once it is drained, than that takes: Orleans tries for 2 minutes to write to an unreachable membership table that the silo stops, and the other
    /// silos find that out by themselves.
    /// </summary>
    /// <exception cref="TimeoutException">The host did not stop within its timeout.</exception>
    private static async Task Run(WebApplication app, CancellationToken ending)
    {
        TimeSpan limit = ShutdownTime.Of(app.Services.GetRequiredService<IOptions<WorkerOptions>>().Value) + DisposalTime;
        TimeProvider time = app.Services.GetRequiredService<TimeProvider>();
        TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = ending.Register(stopping.SetResult);
        Task running = app.RunAsync(CancellationToken.None);
        await Task.WhenAny(running, stopping.Task);
        await Task.WhenAny(running, app.Services.GetRequiredService<ISiloDrain>().Over);
        await running.WaitAsync(limit, time, CancellationToken.None);
    }

    /// <summary>Built at the first request: the dashboard keeps all of its files in memory, compressed and uncompressed, which takes 24 MB.</summary>
    private static RequestDelegate BuildDashboard(IServiceProvider services)
    {
        ApplicationBuilder pages = new(services);
        pages.Use(static next => context =>
        {
            context.SetEndpoint(null); // Clear the endpoint that led here, or the inner routing would not search.
            return next(context);
        });
        pages.UseRouting();
        pages.UseEndpoints(static endpoints => endpoints.MapOrleansDashboard("/dashboard"));
        return pages.Build();
    }

    private static ISiloBuilder UseClustering(this ISiloBuilder silo, ClusterConnectionOptions cluster) => cluster.Clustering == ClusteringKind.Postgres
        ? silo.UsePostgresClustering(cluster)
        : silo.UseLocalhostClustering(cluster.SiloPort, cluster.GatewayPort, serviceId: cluster.ServiceId, clusterId: cluster.ClusterId);

    private static DataOptions DataOf(WebApplicationBuilder builder) => builder.Configuration.GetSection(DataOptions.Section).Get<DataOptions>() ?? new();
}
