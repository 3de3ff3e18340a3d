using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Streams.Api.Access;
using Streams.Api.Cluster;
using Streams.Api.Configuration;
using Streams.Api.Documents;
using Streams.Api.Door;
using Streams.Api.Feed;
using Streams.Api.Health;
using Streams.Api.Hosting;
using Streams.Api.Logging;
using Streams.Api.MediaMtxAuth;
using Streams.Api.MediaMtxEvents;
using Streams.Api.Nodes;
using Streams.Api.Pages;
using Streams.Api.Problems;
using Streams.Api.Streams;
using Streams.Api.Telemetry;
using Streams.Api.Wire;

namespace Streams.Api;

/// <summary>The HTTP API as a part of any host that has an <see cref="IGrainFactory"/>: the silo, or the stand-alone client.</summary>
public static class StreamsApi
{
    /// <summary>
    /// Adds what the API needs, and lets Kestrel listen where <see cref="ApiOptions"/> says. The grain factory and the logging
    /// are the host's. A <see cref="TimeProvider"/> of the host is used, else the system's. Build the host with
    /// <see cref="CheckedOptions.BuildChecked"/>, which tells all errors of all options.
    /// </summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="keyFolder">
    /// Where the keys of sessions are kept, so that a restart signs nobody out; made when missing. Null: in memory only.
    /// </param>
    public static WebApplicationBuilder AddStreamsApi(this WebApplicationBuilder builder, string? keyFolder = null)
    {
        IServiceCollection services = builder.Services;
        services.AddCheckedOptions<ApiOptions>(builder.Configuration.GetSection(ApiOptions.Section));
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RefusalLog>();
        services.AddFrontDoor();
        services.AddSingleton<GrainCalls>();
        services.AddSingleton<StreamLister>();
        services.AddSingleton<EventIntake>();
        services.AddSingleton<StreamSamples>();
        services.AddSingleton<FeedMirror>();
        services.AddSingleton<FeedWriter>();
        services.AddSingleton<ApiInstruments>();
        services.AddHostedService<FeedFollower>();
        ProxyHosting.Add(builder);
        MediaAuthEndpoint.Add(services, builder.Configuration);
        services.AddAccess(builder.Configuration.GetSection(AccessOptions.Section), keyFolder);
        services.AddExceptionHandler<ProblemPages>();
        services.AddHealthChecks().AddCheck<StoreCheck>(StoreCheck.Name).AddCheck<MediaCheck>(MediaCheck.Name);
        services.ConfigureHttpJsonOptions(static json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;

            // Two equal keys mean different things to different readers.
            json.SerializerOptions.AllowDuplicateProperties = false;
        });
        services.AddPages(builder.Configuration);
        services.AddOpenApi("v1", DocumentSetup.Configure);
        TelemetryHosting.Add(builder);
        return builder;
    }

    /// <summary>
    /// Maps the API's endpoints, its error answers for all paths, and its headers.
    /// </summary>
    /// <param name="app">The host.</param>
    public static WebApplication MapStreamsApi(this WebApplication app)
    {
        ProxyHosting.Use(app);
        app.Use(static (context, next) =>
        {
            SecurityHeaders.Set(context.Response);
            return next(context);
        });
        ProblemPages.Use(app);
        app.UseAuthentication();
        app.UseFrontDoor();
        app.UseAuthorization();
        RouteGroupBuilder own = app.MapGroup("").WithMetadata(ApiEndpoint.Marker).DocumentRefusals();
        MediaMtxEventEndpoints.Map(own);
        MediaAuthEndpoint.Map(own);
        StreamEndpoints.Map(own);
        HistoryEndpoints.Map(own);
        OperatorEndpoints.Map(own);
        FeedEndpoints.Map(own);
        NodeEndpoints.Map(own);
        DrainEndpoint.Map(own);
        HealthEndpoints.Map(own);
        DocumentEndpoints.Map(own);
        TelemetryHosting.Map(app);
        SignInEndpoints.Map(app);
        PageEndpoints.Map(app);
        return app;
    }
}
