using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

/// <summary>
/// Loaded into a silo's process by <c>DOTNET_STARTUP_HOOKS</c>, as .NET names it and asks for it: settings for tests that the silo itself has no business to have.
/// <c>STREAMS_TEST_LISTEN_PORT</c> is where it listens for other silos instead of at the port that it tells them, which is a proxy's;
/// <c>STREAMS_TEST_MEMBERSHIP=orleans</c> gives it Orleans' own times for membership, to compare with.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        string? port = Environment.GetEnvironmentVariable("STREAMS_TEST_LISTEN_PORT");
        bool isOrleans = Environment.GetEnvironmentVariable("STREAMS_TEST_MEMBERSHIP") == "orleans";
        if (string.IsNullOrEmpty(port) && !isOrleans)
        {
            return;
        }

        // How .NET itself lets tools see a host that is being built.
        DiagnosticListener.AllListeners.Subscribe(new Observer<DiagnosticListener>(listener =>
        {
            if (listener.Name == "Microsoft.Extensions.Hosting")
            {
                listener.Subscribe(new Observer<KeyValuePair<string, object?>>(told =>
                {
                    if (told is { Key: "HostBuilding", Value: IHostBuilder builder })
                    {
                        builder.ConfigureServices(services => Configure(services, port, isOrleans));
                    }
                }));
            }
        }));
    }

    private static void Configure(IServiceCollection services, string? port, bool isOrleans)
    {
        if (!string.IsNullOrEmpty(port))
        {
            services.PostConfigure<EndpointOptions>(endpoints =>
                endpoints.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture)));
        }

        if (isOrleans)
        {
            ClusterMembershipOptions own = new();
            services.PostConfigure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = own.ProbeTimeout;
                membership.MinProbeTimeout = own.MinProbeTimeout;
                membership.MaxProbeTimeout = own.MaxProbeTimeout;
                membership.NumMissedProbesLimit = own.NumMissedProbesLimit;
                membership.TableRefreshTimeout = own.TableRefreshTimeout;
                membership.IAmAliveTablePublishTimeout = own.IAmAliveTablePublishTimeout;
            });
            services.PostConfigure<GrainDirectoryOptions>(static directory => directory.RangeLeaseDuration = new GrainDirectoryOptions().RangeLeaseDuration);
        }
    }

    private sealed class Observer<T>(Action<T> next) : IObserver<T>
    {
        public void OnNext(T value) => next(value);

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
