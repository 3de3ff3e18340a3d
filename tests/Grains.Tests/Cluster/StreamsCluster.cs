using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.TestingHost;
using Streams.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(Streams.Grains.Tests.Cluster.StreamsCluster))]

namespace Streams.Grains.Tests.Cluster;

/// <summary>One silo with real worker processes of the fake worker; shared by all tests, each with streams of its own.</summary>
public sealed class StreamsCluster : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    /// <summary>Takes connections where workers would find MediaMTX: that failing workers fail is not for want of one.</summary>
    private static readonly System.Net.Sockets.TcpListener Media = Listen();

    internal static int MediaPort => ((System.Net.IPEndPoint)Media.LocalEndpoint).Port;

    /// <summary>The profiles: each is a mode of the fake worker.</summary>
    private static readonly Dictionary<string, string[]> Modes = new()
    {
        ["progress"] = ["progress"],
        ["fail"] = ["fail", "3"],
        ["stubborn"] = ["stubborn"],
        ["stubborn-output"] = ["stubborn", "{output}"],
        ["parent"] = ["parent"],
        ["flood"] = ["flood"],
        ["refused"] = ["refused", "1", "{output}"],
        ["refused-255"] = ["refused", "255", "{output}"],
        ["fail-145"] = ["fail", "145"],
        ["hevc"] = ["hevc"],
        ["slow"] = ["echo", "{query.lang}"],
        ["keyed"] = ["progress", "0.2", "{input}", "{output}"],
        ["echo"] = ["echo", "{input}", "{output}", "{streamId}", "--lang={query.lang}"],
    };

    public IGrainFactory Grains => _cluster!.Client;

    /// <summary>What happened to a stream.</summary>
    public Task<StreamHistory?> HistoryOf(StreamId id) => Grains.GetGrain<IStreamIndexGrain>(IStreamIndexGrain.Key).GetHistory(id);

    /// <summary>The silo's worker host itself, for what no stream asks of it.</summary>
    public IWorkerHost Host => _cluster!.Silos[0].ServiceProvider.GetRequiredService<IWorkerHost>();

    /// <summary>The silo's services.</summary>
    public IServiceProvider Services => _cluster!.Silos[0].ServiceProvider;

    /// <summary>Where its streams are saved.</summary>
    public IStreamStore Store => _cluster!.Silos[0].ServiceProvider.GetRequiredService<IStreamStore>();

    public async ValueTask InitializeAsync()
    {
        _cluster = await Deploy();
    }

    /// <summary>A cluster of its own for a test that changes what all streams share.</summary>
    internal static async Task<InProcessTestCluster> Deploy(Action<IHostApplicationBuilder>? change = null, short silos = 1)
    {
        InProcessTestClusterBuilder builder = new(silos);
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Configuration.AddInMemoryCollection(Settings());
            host.Services.AddSingleton<IStreamStore, MemoryStreamStore>();
            change?.Invoke(host);
            host.Services.AddStreams();
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    /// <summary>An event of a stream's input, of now.</summary>
    internal static SourceEvent Event(StreamId id, MediaSource source, SourceEventKind kind) => new()
    {
        EventId = Guid.NewGuid(),
        Kind = kind,
        Path = new StreamPath(id, PathRole.Input),
        Source = source,
        Query = "",
        OccurredAt = TimeProvider.System.GetUtcNow(),
    };

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private static System.Net.Sockets.TcpListener Listen()
    {
        System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static Dictionary<string, string?> Settings()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Streams:Workers:DefaultProfile"] = "progress",
            ["Streams:Media:RtspPort"] = $"{MediaPort}",
            ["Streams:Media:ApiPort"] = "1", // No MediaMTX: one that happens to run on this machine would say that no stream is live.
            ["Streams:Media:Auth"] = "http",
            ["Streams:Workers:PassEnvironment:0"] = "STREAMS_TEST_RUN", // make test finds by it what is left over.
            ["Streams:Workers:StopGrace"] = "00:00:00.500",
            ["Streams:Retry:Delays:0"] = "00:00:00.100",
            ["Streams:Retry:Delays:1"] = "00:00:00.200",
            ["Streams:Retry:Delays:2"] = "00:00:00.400",
            ["Streams:Workers:Profiles:missing:Program"] = "no-such-program",
            ["Streams:Workers:Profiles:echo:Query:lang:Pattern"] = "[a-z]{2}",
            ["Streams:Workers:Profiles:slow:Query:lang:Pattern"] = @"(\w+\s?)+!",
        };
        foreach ((string profile, string[] arguments) in Modes)
        {
            settings[$"Streams:Workers:Profiles:{profile}:Program"] = FakeWorker.Program;
            for (int i = 0; i < arguments.Length; i++)
            {
                settings[$"Streams:Workers:Profiles:{profile}:Arguments:{i}"] = arguments[i];
            }
        }

        return settings;
    }
}
