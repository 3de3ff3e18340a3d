using System.Globalization;
using System.Text.Json;
using Streams.Testing.Network;

namespace Streams.Testing.Cluster;

/// <summary>
/// A whole cluster on one machine: silos with supervisors, PostgreSQL, media servers whose hooks go to any silo that accepts them. Connections of a silo to the database, to the
/// other silos and to the media servers' Control API go through proxies, and can be cut; those of its workers too where a test asks for it.
/// </summary>
public sealed class ClusterSystem : IAsyncDisposable
{
    /// <summary>The database's name in <see cref="Network"/>. Silos and media servers have their own.</summary>
    public const string Store = "store";

    private readonly string _folder = Directory.CreateTempSubdirectory("streams-cluster-").FullName;
    private readonly List<TcpProxy> _proxies = [];
    private readonly List<ClusterSilo> _silos = [];
    private readonly List<ClusterNode> _nodes = [];
    private int _nextSilo;

    private ClusterSystem(PostgresServer database, ClusterOptions options)
    {
        Database = database;
        Options = options;
    }

    public ClusterOptions Options { get; }

    public PostgresServer Database { get; }

    /// <summary>What is connected and what is cut.</summary>
    public TestNetwork Network { get; } = new();

    public IReadOnlyList<ClusterSilo> Silos => _silos;

    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    /// <summary>Starts all of it, and waits until every silo reports.</summary>
    public static async Task<ClusterSystem> Start(ClusterOptions options)
    {
        ClusterSystem system = new(await PostgresServer.Start(), options);
        try
        {
            await system.StartAll();
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>The silo of a name.</summary>
    public ClusterSilo Silo(string name) => _silos.First(silo => silo.Name == name);

    /// <summary>The media server of a name.</summary>
    public ClusterNode Node(string name) => _nodes.First(node => node.Name == name);

    /// <summary>What a media server's part for media is named in <see cref="Network"/>; its Control API has its own name.</summary>
    public static string MediaOf(string node) => $"media of {node}";

    /// <summary>The port from which the client of a connection came to a media server, whether it went through a proxy or not.</summary>
    public int ClientPort(int port) => _proxies.Select(proxy => proxy.ClientOf(port)).FirstOrDefault(static client => client is not null) ?? port;

    /// <summary>The silo that a worker's marker names; null for one of an earlier life.</summary>
    public ClusterSilo? SiloOf(WorkerMarker marker) => _silos.FirstOrDefault(silo => silo.Pid == marker.SiloPid);

    /// <summary>Cuts a silo off from the database and from all other silos.</summary>
    public void Isolate(ClusterSilo silo)
    {
        Network.Cut(silo.Name, Store);
        foreach (ClusterSilo other in _silos.Where(other => other != silo))
        {
            Network.Cut(silo.Name, other.Name);
        }
    }

    /// <summary>What a stream's status is, by whichever silo answers; null for a stream that is unknown.</summary>
    public Task<JsonElement?> Status(string id) => Ask($"/v1/streams/{id}");

    /// <summary>What any silo answers; null for what does not exist.</summary>
    /// <exception cref="HttpRequestException">None answers.</exception>
    public async Task<JsonElement?> Ask(string path)
    {
        Exception? last = null;
        int first = Interlocked.Increment(ref _nextSilo);
        foreach (int i in Enumerable.Range(first, _silos.Count))
        {
            try
            {
                return await _silos[i % _silos.Count].Api.Find(path);
            }
            catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
            {
                last = away;
            }
        }

        throw new HttpRequestException($"No silo answers {path}.", last);
    }

    /// <summary>Waits until every silo answers, and knows every other as one that takes workers.</summary>
    public async Task WaitForSilos(TimeSpan? patience = null)
    {
        foreach (ClusterSilo silo in _silos)
        {
            try
            {
                await Eventually.Get(() => FindMissing(silo), static missing => missing.Length == 0, $"all silos known to {silo.Name}", patience ?? TimeSpan.FromSeconds(60));
            }
            catch (TimeoutException late)
            {
                throw new TimeoutException($"{late.Message}\n{string.Join("\n", _silos.Select(static one => $"{one.Name} ended {one.Ends.Count} times, and last said:\n{string.Join("\n", one.Program.Lines.TakeLast(8))}"))}", late);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Network.MendAll();
        Array.ForEach([.. _silos], static silo => silo.Signal(ChildProgram.Thaw));
        await Task.WhenAll(_silos.Select(static silo => silo.DisposeAsync().AsTask()));
        await Task.WhenAll(_nodes.Select(static node => node.DisposeAsync().AsTask()));
        await Task.WhenAll(_proxies.Select(static proxy => proxy.DisposeAsync().AsTask()));
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The silos that one does not know, or not as they are now.</summary>
    private async Task<string> FindMissing(ClusterSilo silo)
    {
        JsonElement? nodes = await silo.Api.Find("/v1/nodes");
        HashSet<int> active =
        [
            .. nodes!.Value.GetProperty("silos").EnumerateArray()
                .Where(static shown => shown.GetProperty("state").GetString() == "Active").Select(static shown => shown.GetProperty("pid").GetInt32()),
        ];
        return string.Join(", ", _silos.Where(one => !active.Contains(one.Pid)).Select(static one => one.Name));
    }

    private async Task StartAll()
    {
        string connection = await Database.CreateDatabase();
        TcpProxy balancer = Keep(TcpProxy.Balance(SiloPorts));
        string hooks = await PublishedHook.Folder();
        foreach (string name in Options.Nodes)
        {
            _nodes.Add(new ClusterNode(name, new MediaServerOptions
            {
                Kind = Options.Kind,
                HookFolder = hooks,
                OrchestratorUrl = new Uri($"http://127.0.0.1:{balancer.Port}"),
                Ports = new[] { "API", "METRICS", "PLAYBACK", "RTMP", "RTSP", "HLS" }.ToDictionary(static server => server, static _ => FreePorts.Next()),
                Environment = MediaEnvironment(name, balancer.Port),
            }));
        }

        await Task.WhenAll(_nodes.Select(static node => node.Start()));
        foreach (int number in Enumerable.Range(1, Options.Silos))
        {
            string name = $"silo-{number.ToString(CultureInfo.InvariantCulture)}";
            int apiPort = FreePorts.Next();
            Dictionary<string, string> settings = SettingsOf(name, apiPort, connection);
            if (number > Options.Silos - Options.SilosWithoutWorkers)
            {
                settings["Streams__Workers__MaxWorkers"] = "0";
            }

            _silos.Add(new ClusterSilo(name, apiPort, settings, Options.RestartAfter));
        }

        await WaitForSilos();
    }

    private Dictionary<string, string> SettingsOf(string name, int apiPort, string connection)
    {
        int listens = FreePorts.Next();
        Dictionary<string, string> settings = new(Options.Settings)
        {
            ["Streams__Api__Port"] = Text(apiPort),
            ["Streams__Cluster__Clustering"] = "postgres",
            ["Streams__Cluster__Address"] = "127.0.0.1",
            ["Streams__Cluster__Name"] = name,
            ["Streams__Cluster__SiloPort"] = Text(Keep(TcpProxy.Before(listens, client => LinkBetweenSilos(client, name))).Port),
            ["Streams__Cluster__GatewayPort"] = Text(FreePorts.Next()),
            ["Streams__Store__Kind"] = "postgres",
            ["Streams__Store__ConnectionString"] = connection.Replace(
                $"Port={Database.Port};", $"Port={Keep(TcpProxy.Before(Database.Port, Network.Between(name, Store))).Port};", StringComparison.Ordinal),
            ["Streams__Data__Folder"] = Path.Combine(_folder, name),
            ["DOTNET_STARTUP_HOOKS"] = HookFile,
            ["STREAMS_TEST_LISTEN_PORT"] = Text(listens),
            ["STREAMS_TEST_MEMBERSHIP"] = Options.HasOrleansMembership ? "orleans" : "",
        };
        if (Options.AsksStreams)
        {
            settings["Streams__Media__Auth"] = "http";
            settings["Streams__MediaAuth__DefaultPublishKey"] = ClosedSystem.PublishKey;
        }

        foreach ((int index, ClusterNode node) in _nodes.Index())
        {
            settings[$"Streams__Media__Nodes__{index}__Name"] = node.Name;
            settings[$"Streams__Media__Nodes__{index}__ApiUrl"] = $"http://127.0.0.1:{Keep(TcpProxy.Before(node.Ports["API"], Network.Between(name, node.Name))).Port}";
            settings[$"Streams__Media__Nodes__{index}__HlsUrl"] = $"http://127.0.0.1:{node.Ports["HLS"]}";
            settings[$"Streams__Media__Nodes__{index}__RtspUrl"] = $"rtsp://127.0.0.1:{MediaPort(name, node, "RTSP")}";
            settings[$"Streams__Media__Nodes__{index}__RtmpUrl"] = $"rtmp://127.0.0.1:{MediaPort(name, node, "RTMP")}";
        }

        return settings;
    }

    private int MediaPort(string silo, ClusterNode node, string server) =>
        Options.CanCutWorkers ? Keep(TcpProxy.Before(node.Ports[server], Network.Between(silo, MediaOf(node.Name)))).Port : node.Ports[server];

    private Dictionary<string, string> MediaEnvironment(string name, int silos)
    {
        Dictionary<string, string> environment = new() { ["STREAMS_NODE"] = name };
        if (Options.AsksStreams)
        {
            environment["MTX_AUTHMETHOD"] = "http";
            environment["MTX_AUTHHTTPADDRESS"] = $"http://127.0.0.1:{Text(silos)}/v1/mediamtx/auth";
        }

        return environment;
    }

    /// <summary>The test's own settings for a silo's process; see the project.</summary>
    private static string HookFile => StreamsSystem.BuildOutput(Path.Combine("tests", "SiloHook"), "Streams.SiloHook.dll");

    /// <summary>Who connects to a silo is told by whose socket it is.</summary>
    private NetworkLink? LinkBetweenSilos(int clientPort, string target) =>
        SocketOwners.Find(clientPort, _silos.Select(static silo => silo.Pid)) is { } pid && _silos.FirstOrDefault(silo => silo.Pid == pid) is { } source && source.Name != target
            ? Network.Between(source.Name, target)
            : null;

    /// <summary>In turn, as a load balancer that knows nothing of who is well.</summary>
    private IReadOnlyList<int> SiloPorts()
    {
        int first = Interlocked.Increment(ref _nextSilo);
        return [.. Enumerable.Range(first, _silos.Count).Select(i => _silos[i % _silos.Count].ApiPort)];
    }

    private TcpProxy Keep(TcpProxy proxy)
    {
        _proxies.Add(proxy);
        return proxy;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
