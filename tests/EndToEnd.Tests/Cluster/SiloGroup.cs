using System.Globalization;
using Streams.Testing;

namespace Streams.EndToEnd.Tests;

/// <summary>Silos of one cluster, each a process of its own on 127.0.0.1, and the database that they share.</summary>
internal sealed class SiloGroup : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streams-cluster-").FullName;
    private readonly string _connection;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly Dictionary<string, ChildProgram> _silos = [];
    private readonly Dictionary<string, (string Api, string Silo, string Gateway)> _ports = [];

    private SiloGroup(PostgresServer server, string connection, IReadOnlyDictionary<string, string> settings)
    {
        Server = server;
        _connection = connection;
        _settings = settings;
    }

    public PostgresServer Server { get; }

    /// <summary>The silos that were started, by name.</summary>
    public IReadOnlyDictionary<string, ChildProgram> Silos => _silos;

    /// <summary>Starts a database and so many silos, and waits until all are active.</summary>
    public static async Task<SiloGroup> Start(int silos, IReadOnlyDictionary<string, string>? settings = null)
    {
        PostgresServer server = await PostgresServer.Start();
        SiloGroup group = new(server, await server.CreateDatabase(), settings ?? new Dictionary<string, string>());
        try
        {
            for (int number = 1; number <= silos; number++)
            {
                group.Add($"silo-{number}");
            }

            await group.WaitForActive([.. group.Silos.Keys]);
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more.</summary>
    public ChildProgram Add(string name)
    {
        _ports.TryAdd(name, (Port(), Port(), Port()));
        (string api, string silo, string gateway) = _ports[name];
        return _silos[name] = StreamsSystem.RunSilo(new Dictionary<string, string>(_settings)
        {
            ["Streams__Api__Port"] = api,
            ["Streams__Cluster__Clustering"] = "postgres",
            ["Streams__Cluster__Address"] = "127.0.0.1",
            ["Streams__Cluster__Name"] = name,
            ["Streams__Cluster__SiloPort"] = silo,
            ["Streams__Cluster__GatewayPort"] = gateway,
            ["Streams__Store__Kind"] = "postgres",
            ["Streams__Store__ConnectionString"] = _connection,
            ["Streams__Data__Folder"] = Path.Combine(_folder, name),
        });
    }

    /// <summary>Where a silo's API and pages are.</summary>
    public Uri ApiOf(string name) => new($"http://127.0.0.1:{_ports[name].Api}");

    /// <summary>Starts one again that has ended, at the same address, as a supervisor does.</summary>
    public async Task StartAgain(string name)
    {
        await _silos[name].WaitForEnd();
        await _silos[name].DisposeAsync();
        Add(name);
    }

    /// <summary>Starts an API of its own process beside the silos.</summary>
    public ChildProgram StartApi(int port) => ChildProgram.Start(StreamsSystem.BuildOutput("Api", "Streams.Api"), [], new Dictionary<string, string>
    {
        ["Streams__Api__Port"] = port.ToString(CultureInfo.InvariantCulture),
        ["Streams__Cluster__Clustering"] = "postgres",
        ["Streams__Store__ConnectionString"] = _connection,
    });

    /// <summary>Waits until these silos, and no others, are active.</summary>
    public async Task WaitForActive(IReadOnlyCollection<string> names, TimeSpan? patience = null)
    {
        string expected = string.Join(", ", names.Order(StringComparer.Ordinal));
        await Eventually.Get(
            async () => _silos.FirstOrDefault(silo => silo.Value.HasEnded && names.Contains(silo.Key)) is { Value: { } ended }
                ? $"one that has ended: {ended.Output}"
                : string.Join(", ", await Members("status = 3")),
            active => active == expected,
            $"active: {expected}",
            patience ?? TimeSpan.FromSeconds(60));

        // It is active before it has started: the API comes last.
        using HttpClient http = new();
        foreach (string name in names)
        {
            await Eventually.Get(() => http.GetAsync(new Uri($"http://127.0.0.1:{_ports[name].Api}/health/live")), static answer => answer.IsSuccessStatusCode, $"{name} up");
        }
    }

    /// <summary>The names of the silos that the table shows so.</summary>
    /// <param name="condition">SQL on a row of <c>membership</c>.</param>
    public async Task<string[]> Members(string condition) =>
        (await Server.Sql("test_1", $"SELECT silo_name FROM membership WHERE {condition} ORDER BY 1")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async ValueTask DisposeAsync()
    {
        foreach (ChildProgram silo in _silos.Values)
        {
            await silo.DisposeAsync();
        }

        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Port() => FreePorts.Next().ToString(CultureInfo.InvariantCulture);
}
