using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Streams.Grains.Continuity;
using Streams.Grains.Continuity.Slates;
using Streams.Grains.Feed;
using Streams.Grains.Hosts;
using Streams.Grains.MediaMtx;
using Streams.Grains.Os;
using Streams.Grains.Store;
using Streams.Grains.Streams;
using Streams.Grains.Watch;
using Streams.Grains.Workers;
using Streams.Grains.Workers.Aside;

namespace Streams.Grains;

/// <summary>Registers what the grains need in a silo.</summary>
public static class GrainsHosting
{
    /// <summary>
    /// Adds the stream machine, the worker host and their options, which are validated when the host starts. The host registers the
    /// <see cref="IStreamStore"/>.
    /// </summary>
    public static IServiceCollection AddStreams(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<MediaOptions>().BindConfiguration(MediaOptions.Section).ValidateOnStart();
        services.AddOptions<WorkerOptions>().BindConfiguration(WorkerOptions.Section).ValidateOnStart();
        services.AddOptions<ContinuityOptions>().BindConfiguration(ContinuityOptions.Section).ValidateOnStart();
        services.AddOptions<FallbackOptions>().BindConfiguration(FallbackOptions.Section).ValidateOnStart();
        services.AddOptions<RetryOptions>().BindConfiguration(RetryOptions.Section).ValidateOnStart();
        services.AddOptions<KnownStreamsOptions>().BindConfiguration(KnownStreamsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<MediaOptions>, MediaOptionsValidator>();
        services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptionsValidator>();
        services.AddSingleton<IValidateOptions<ContinuityOptions>, ContinuityOptionsValidator>();
        services.AddSingleton<IValidateOptions<FallbackOptions>, FallbackOptionsValidator>();
        services.AddSingleton<IValidateOptions<RetryOptions>, RetryOptionsValidator>();

        services.AddSingleton(static provider => new StreamMachine(new RetryPolicy(provider.GetRequiredService<IOptions<RetryOptions>>().Value), provider.GetRequiredService<IOptions<FallbackOptions>>().Value)
        {
            KeepFor = provider.GetRequiredService<IOptions<ContinuityOptions>>().Value.KeepFor,
        });
        services.AddMetrics();
        services.AddSingleton<StreamInstruments>();
        services.AddSingleton<WorkerInstruments>();
        services.AddSingleton<LiveStreams>();
        services.AddSingleton<NodeStatuses>();
        services.AddSingleton<SiloReporter>();
        services.AddSingleton<FeedOutbox>();
        services.AddSingleton<IProgressReceiver>(static provider => provider.GetRequiredService<FeedOutbox>());
        services.AddSingleton<StoreWatch>();
        services.AddSingleton<HistoryLog>();
        services.AddSingleton(static provider => MakeGate(provider.GetRequiredService<IOptions<WorkerOptions>>().Value));
        services.AddSingleton<MediaNodes>();
        services.AddSingleton<MediaMtxClients>();
        services.AddSingleton<NodeWatches>();
        services.AddSingleton<RunUrls>();
        services.AddSingleton<ProfileSecrets>();
        services.AddSingleton<WorkerProfiles>();
        services.AddSingleton<ProgramVersions>();
        services.AddSingleton<MachineShortage>();
        services.AddSingleton(static provider => new ExitClassifier(provider.GetRequiredService<IOptions<WorkerOptions>>().Value, provider.GetRequiredService<MachineShortage>()));
        services.AddSingleton<WorkerCommandBuilder>();
        services.AddSingleton<SlateMaker>();
        services.AddSingleton<SlateFolder>();
        services.AddSingleton<SlateChoice>();
        services.AddSingleton<KeptNodes>();
        services.AddSingleton<KeptChoice>();
        services.AddHostedService<KeptOutputSweep>();
        services.AddHostedService<SidePathSweep>();
        services.AddSingleton<AsideWatches>();
        services.AddSingleton<RunPreparer>();
        services.AddSingleton<ProcessLauncher>();
        services.AddSingleton<OrphanSweep>();
        services.AddSingleton<OpenOutputs>();
        services.AddSingleton(static provider => new SteadyTime(provider.GetRequiredService<IOptions<RetryOptions>>().Value.SteadyAfter));

        // Before the worker host, and so ended after it: the ends of workers stand in the histories.
        services.AddHostedService(static provider => provider.GetRequiredService<StoreWatch>());
        services.AddHostedService(static provider => provider.GetRequiredService<HistoryLog>());
        services.AddSingleton<WorkerHost>();
        services.AddSingleton<WorkerHostClient>();
        services.AddSingleton<WorkerHosts>();
        services.AddHostedService(static provider => provider.GetRequiredService<WorkerHosts>());
        services.AddHostedService<IsolationWatch>();
        services.AddHostedService<WaitingRuns>();
        services.AddOptions<PlaceOptions>().BindConfiguration(PlaceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DrainState>();
        services.AddSingleton(static provider => new SiloZone(provider.GetRequiredService<IOptions<PlaceOptions>>().Value.Zone));
        services.AddSingleton<SiloDrain>();
        services.AddSingleton<ISiloDrain>(static provider => provider.GetRequiredService<SiloDrain>());
        services.AddGrainService<WorkerHostService>();
        services.TryAddSingleton<IWorkerHost>(provider => provider.GetRequiredService<WorkerHost>());
        services.AddHostedService(provider => provider.GetRequiredService<WorkerHost>());

        // After the worker host, and so told to stop before it: streams move while their workers work.
        services.AddHostedService(static provider => provider.GetRequiredService<SiloDrain>());

        services.AddHttpClient(nameof(MediaMtxClient), static http =>
        {
            http.MaxResponseContentBufferSize = MediaMtxClient.MaxResponseBytes;
            http.Timeout = MediaMtxClient.Timeout;
        }).ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
        {
            MaxConnectionsPerServer = MediaMtxClient.MaxConnections,
            UseProxy = false, // It is one of our own parts, whatever proxy the machine has for the world outside.
        }).RemoveAllLoggers();
        services.AddHostedService<KeepWatching>();
        services.AddHostedService(static provider => provider.GetRequiredService<FeedOutbox>());
        services.AddHostedService<StreamForgetting>();
        return services;
    }

    private static StartGate MakeGate(WorkerOptions options) => new(options.MaxWorkers, options.MaxConcurrentStarts);
}
