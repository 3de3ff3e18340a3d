using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Streams.Testing;

/// <summary>
/// The whole of Streams as it is deployed: a silo process, a media server process with the published hook, real workers; all on
/// free ports and with a data folder of their own. Either side can be ended and started again.
/// </summary>
public sealed class StreamsSystem : IAsyncDisposable
{
    private readonly Dictionary<string, string> _settings;
    private readonly MediaServerOptions _mediaOptions;
    private readonly string? _siloLog;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"streams-e2e-{Guid.NewGuid():N}");
    private readonly List<ChildProgram> _publishers = [];
    private readonly Dictionary<string, MediaServerOptions> _nodes;
    private readonly Dictionary<string, MediaServer> _nodeServers = [];
    private MediaServer? _media;
    private ChildProgram? _silo;

    private StreamsSystem(MediaServerOptions mediaOptions, Dictionary<string, MediaServerOptions> nodes, Dictionary<string, string> settings, string? siloLog, string? dataFolder)
    {
        DataFolder = dataFolder ?? Path.Combine(_folder, "data");
        _mediaOptions = mediaOptions;
        _nodes = nodes;
        _settings = settings;
        _siloLog = siloLog;
        ApiPort = int.Parse(settings["Streams__Api__Port"], CultureInfo.InvariantCulture);
        Api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ApiPort}"), Timeout = TimeSpan.FromSeconds(10) };
    }

    public MediaServer Media => _media ?? throw new InvalidOperationException("The media server does not run.");

    public ChildProgram Silo => _silo ?? throw new InvalidOperationException("The silo does not run.");

    /// <summary>Whether a silo was started and not killed.</summary>
    public bool IsSiloRunning => _silo is not null;

    public HttpClient Api { get; }

    public int ApiPort { get; }

    /// <summary>The silo's data folder.</summary>
    public string DataFolder { get; }

    /// <summary>The silo's database, when its store is SQLite.</summary>
    public string DatabaseFile => Path.Combine(DataFolder, "streams.db");

    /// <summary>Starts all of it, and waits until the API is ready.</summary>
    /// <param name="kind">Which media server.</param>
    /// <param name="settings">More settings of the silo, by their names in the environment.</param>
    /// <param name="mediaEnvironment">More variables of the media server.</param>
    /// <param name="isClosed">Whether the API needs tokens and the media server asks it who may publish and read; for the settings see <see cref="ClosedSystem"/>.</param>
    /// <param name="siloLog">A file that the silo's log is added to; null to have its lines in <see cref="Silo"/>.</param>
    /// <param name="dataFolder">The silo's data folder; null for one that is gone after the test.</param>
    /// <param name="nodes">The names of several media servers, which are started by them and reached by <see cref="Node"/>; the first is <see cref="Media"/> too. None for one without a name.</param>
    public static async Task<StreamsSystem> Start(
        MediaServerKind kind,
        Dictionary<string, string>? settings = null,
        Dictionary<string, string>? mediaEnvironment = null,
        bool isClosed = false,
        string? siloLog = null,
        string? dataFolder = null,
        params string[] nodes)
    {
        Dictionary<string, int> ports = FreshPorts();
        int apiPort = FreePorts.Next();
        Dictionary<string, string> all = new(isClosed ? ClosedSystem.Silo(settings) : settings ?? [])
        {
            ["Streams__Api__Port"] = Text(apiPort),
            ["Streams__Cluster__SiloPort"] = Text(FreePorts.Next()),
            ["Streams__Cluster__GatewayPort"] = Text(FreePorts.Next()),
            ["Streams__Media__RtspPort"] = Text(ports["RTSP"]),
            ["Streams__Media__RtmpPort"] = Text(ports["RTMP"]),
            ["Streams__Media__ApiPort"] = Text(ports["API"]),
            ["Streams__Preview__HlsPort"] = Text(ports["HLS"]),
        };
        MediaServerOptions mediaOptions = new()
        {
            Kind = kind,
            HookFolder = await PublishedHook.Folder(),
            OrchestratorUrl = new Uri($"http://127.0.0.1:{apiPort}"),
            Ports = ports,
            Environment = isClosed ? ClosedSystem.Media(apiPort) : mediaEnvironment ?? [],
        };
        Dictionary<string, MediaServerOptions> named = nodes.Select((name, index) => (Name: name, Options: mediaOptions with
        {
            Ports = index == 0 ? ports : FreshPorts(),
            Environment = new Dictionary<string, string>(mediaOptions.Environment) { ["STREAMS_NODE"] = name },
        })).ToDictionary(static node => node.Name, static node => node.Options);
        foreach ((int index, (string name, MediaServerOptions node)) in named.Index())
        {
            all[$"Streams__Media__Nodes__{index}__Name"] = name;
            all[$"Streams__Media__Nodes__{index}__ApiUrl"] = $"http://127.0.0.1:{node.Ports!["API"]}";
            all[$"Streams__Media__Nodes__{index}__RtspUrl"] = $"rtsp://127.0.0.1:{node.Ports["RTSP"]}";
            all[$"Streams__Media__Nodes__{index}__RtmpUrl"] = $"rtmp://127.0.0.1:{node.Ports["RTMP"]}";
        }

        StreamsSystem system = new(nodes is [var first, ..] ? named[first] : mediaOptions, named, all, siloLog, dataFolder);
        system.Api.DefaultRequestHeaders.Authorization = isClosed ? new("Bearer", ClosedSystem.OperatorToken) : null;
        try
        {
            await Task.WhenAll([system.StartMedia(), system.StartSilo(), .. nodes.Skip(1).Select(system.StartNode)]);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public async Task StartMedia() => _media = await MediaServer.Start(_mediaOptions);

    /// <summary>One of several media servers.</summary>
    public MediaServer Node(string name) => name == _nodes.Keys.First() ? Media : _nodeServers[name];

    /// <summary>Starts one of several media servers, other than the first.</summary>
    public async Task StartNode(string name) => _nodeServers[name] = await MediaServer.Start(_nodes[name]);

    /// <summary>Starts a media server that the silo does not know by this name; null for none.</summary>
    public Task<MediaServer> StartStranger(string? name) => MediaServer.Start(_mediaOptions with
    {
        Ports = FreshPorts(),
        Environment = _mediaOptions.Environment.Where(static variable => variable.Key != "STREAMS_NODE").Append(new("STREAMS_NODE", name ?? "")).ToDictionary(),
    });

    public async Task StartSilo()
    {
        Dictionary<string, string> environment = new(_settings) { ["Streams__Data__Folder"] = DataFolder };
        _silo = _siloLog is null
            ? ChildProgram.Start(SiloFile, [], environment)
            : ChildProgram.Start("sh", ["-c", "exec \"$0\" >>\"$1\" 2>&1", SiloFile, _siloLog], environment);
        await Eventually.True(() => _silo.HasEnded || IsReady(), "the silo's API ready");
        if (_silo.HasEnded)
        {
            throw new InvalidOperationException($"The silo ended at its start:\n{(_siloLog is null ? _silo.Output : $"see {_siloLog}")}");
        }
    }

    /// <summary>Kills the silo, and waits until it is gone.</summary>
    public async Task KillSilo()
    {
        Silo.Signal(Processes.KillSignal);
        await Silo.WaitForEnd();
        await Silo.DisposeAsync();
        _silo = null;
    }

    /// <summary>Starts one more silo on the same store and folder, with ports of its own but for the API's when the first is gone.</summary>
    public ChildProgram StartAnotherSilo() => ChildProgram.Start(SiloFile, [], new Dictionary<string, string>(_settings)
    {
        ["Streams__Data__Folder"] = DataFolder,
        ["Streams__Api__Port"] = Text(_silo is null ? ApiPort : FreePorts.Next()),
        ["Streams__Cluster__SiloPort"] = Text(FreePorts.Next()),
        ["Streams__Cluster__GatewayPort"] = Text(FreePorts.Next()),
    });

    /// <summary>Starts one more silo of the same cluster, with ports of its own.</summary>
    /// <param name="settings">What it has of its own.</param>
    public ChildProgram StartPeer(Dictionary<string, string> settings)
    {
        Dictionary<string, string> all = new(_settings)
        {
            ["Streams__Api__Port"] = Text(FreePorts.Next()),
            ["Streams__Cluster__SiloPort"] = Text(FreePorts.Next()),
            ["Streams__Cluster__GatewayPort"] = Text(FreePorts.Next()),
        };
        foreach ((string name, string value) in settings)
        {
            all[name] = value;
        }

        return ChildProgram.Start(SiloFile, [], all);
    }

    /// <summary>Starts a silo alone, with settings that it may refuse.</summary>
    public static ChildProgram RunSilo(Dictionary<string, string> settings) => ChildProgram.Start(SiloFile, [], settings);

    /// <summary>What the API answers.</summary>
    public async Task<JsonElement> Get(string path) => JsonDocument.Parse(await Api.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;

    /// <summary>The silo: the one that is named, as make coverage does with one whose lines it counts, else the one that was built.</summary>
    private static string SiloFile => Environment.GetEnvironmentVariable("STREAMS_SILO_BIN") is { Length: > 0 } named ? named : BuildOutput("Silo", "Streams.Silo");

    /// <summary>A program of the repository, as built in this configuration.</summary>
    public static string BuildOutput(string folder, string name)
    {
        string standin = MediaServer.StandinFile;
        string framework = Path.GetFileName(Path.GetDirectoryName(standin)!);
        string configuration = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(standin)!)!);
        return Repository.PathOf(folder, "bin", configuration, framework, name);
    }

    public async Task StopMedia()
    {
        await Media.Stop();
        await Media.DisposeAsync();
        _media = null;
    }

    /// <summary>Kills the media server: no hook tells of the ends of its streams.</summary>
    public async Task KillMedia()
    {
        Media.Program.Signal(Processes.KillSignal);
        await Media.Program.WaitForEnd();
        await Media.DisposeAsync();
        _media = null;
    }

    /// <summary>Publishes a light stream, with 2.5 s on its first frame, so that it is available at once.</summary>
    public ChildProgram Publish(string id, string query = "", MediaServer? to = null)
    {
        ChildProgram publisher = TestStream.PublishRtmp((to ?? Media).Rtmp($"live/{id}/in{query}"));
        _publishers.Add(publisher);
        return publisher;
    }

    /// <summary>A publisher that comes again by itself when its connection breaks, as an encoder does.</summary>
    public ChildProgram PublishForever(string id)
    {
        ChildProgram publisher = TestStream.PublishForever(TimeSpan.FromSeconds(0.3),
        [
            "-re", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "10", "-pix_fmt", "yuv420p",
            "-output_ts_offset", "2.5", "-f", "flv", Media.Rtmp($"live/{id}/in"),
        ]);
        _publishers.Add(publisher);
        return publisher;
    }

    /// <summary>Publishes an input; it ends with the test that disposes it, or with the system.</summary>
    /// <param name="input">What.</param>
    /// <param name="transport">By RTMP or RTSP.</param>
    /// <param name="id">To which stream.</param>
    /// <param name="query">The publisher's query, with its question mark.</param>
    public ChildProgram Publish(TestInput input, InputTransport transport, string id, string query = "")
    {
        string path = $"live/{id}/in{query}";
        ChildProgram publisher = input.Publish(transport, transport == InputTransport.Rtmp ? Media.Rtmp(path) : Media.Rtsp(path));
        _publishers.Add(publisher);
        return publisher;
    }

    /// <summary>What the API says of a stream; null for a stream that it does not know.</summary>
    public Task<JsonElement?> Status(string id) => Api.Find($"/v1/streams/{id}");

    /// <summary>What the API says of a stream's ended runs, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> Runs(string id) => [.. (await Get($"/v1/streams/{id}/runs")).GetProperty("runs").EnumerateArray()];

    /// <summary>What the API says of what happened to a stream, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> History(string id) => [.. (await Get($"/v1/streams/{id}/history")).GetProperty("entries").EnumerateArray()];

    /// <summary>Waits until the stream is in a phase.</summary>
    public async Task<JsonElement> WaitForPhase(string id, string phase, TimeSpan? patience = null) =>
        (await Eventually.Get<JsonElement?>(() => Status(id), status => status?.GetProperty("phase").GetString() == phase, $"stream {id} {phase}", patience))!.Value;

    /// <summary>Waits until the stream runs and its frames count.</summary>
    public async Task<JsonElement> WaitForFrames(string id, long generation = 1, TimeSpan? patience = null) => (await Eventually.Get<JsonElement?>(
        () => Status(id),
        status => status is { } seen && seen.GetProperty("phase").GetString() == "Running" && seen.GetProperty("generation").GetInt64() >= generation && Frames(seen) > 0,
        $"stream {id} running with frames, generation {generation} or later",
        patience))!.Value;

    /// <summary>Waits until a path is in MediaMTX's list.</summary>
    public Task WaitForPath(string path, TimeSpan? patience = null) =>
        Eventually.Get(ListPaths, paths => paths.Contains(path), $"path {path} live", patience);

    public async Task<IReadOnlyList<string>> ListPaths()
    {
        string list = await Media.Api.GetStringAsync(new Uri("/v3/paths/list", UriKind.Relative));
        return [.. JsonDocument.Parse(list).RootElement.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("name").GetString()!)];
    }

    /// <summary>A path as MediaMTX shows it; null when there is none.</summary>
    public Task<JsonElement?> FindPath(string path) => Media.Api.Find($"/v3/paths/get/{path}");

    /// <summary>Waits until MediaMTX shows a path so.</summary>
    public async Task<JsonElement> WaitForPath(string path, Func<JsonElement, bool> isSo, string what, TimeSpan? patience = null) =>
        (await Eventually.Get(() => FindPath(path), found => found is { } item && isSo(item), $"{path} {what}", patience))!.Value;

    /// <summary>Waits until a path is available; returns its tracks by codec.</summary>
    public async Task<IReadOnlyList<string>> WaitForTracks(string path, TimeSpan? patience = null)
    {
        JsonElement found = await WaitForPath(path, static item => item.GetProperty("available").GetBoolean(), "available", patience);
        return [.. found.GetProperty("tracks").EnumerateArray().Select(static track => track.GetString()!)];
    }

    /// <summary>Adds a path to MediaMTX's configuration, as an operator does by the Control API.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="settings">Its settings.</param>
    public Task AddPath(string path, object settings) => Media.Api.AddPath(path, settings);

    /// <summary>Removes it again.</summary>
    public Task RemovePath(string path) => Media.Api.RemovePath(path);

    /// <summary>Chooses a stream's profile, also before anybody has published it.</summary>
    public async Task ChooseProfile(string id, string? profile)
    {
        using HttpResponseMessage answer = await Api.PutAsJsonAsync($"/v1/streams/{id}/profile", new { profile });
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"Profile '{profile}' of {id} was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Pids of the living workers of a stream: leaders of their groups, whose marker names it.</summary>
    public static IReadOnlyList<int> WorkersOf(string id) =>
        [.. Processes.WithVariable("STREAMS_RUN", value => value.Split('/') is [_, var stream, _] && stream == id).Where(static pid => Processes.GroupOf(pid) == pid)];

    public static long Frames(JsonElement status) =>
        status.TryGetProperty("progress", out JsonElement progress) && progress.ValueKind == JsonValueKind.Object ? progress.GetProperty("frames").GetInt64() : 0;

    public static int Pid(JsonElement status) => status.GetProperty("worker").GetProperty("pid").GetInt32();

    public async ValueTask DisposeAsync()
    {
        foreach (ChildProgram publisher in _publishers)
        {
            await publisher.DisposeAsync();
        }

        if (_silo is { HasEnded: false })
        {
            _silo.Signal(ChildProgram.Terminate);
            await Task.WhenAny(_silo.WaitForEnd(TimeSpan.FromSeconds(15)));
        }

        await (_silo?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_media?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (MediaServer node in _nodeServers.Values)
        {
            await node.DisposeAsync();
        }

        Api.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static Dictionary<string, int> FreshPorts() => new[] { "API", "METRICS", "PLAYBACK", "RTMP", "RTSP", "HLS" }.ToDictionary(static name => name, static _ => FreePorts.Next());

    private bool IsReady()
    {
        try
        {
            // A test may start a silo while its media server is away: ready but for that.
            using HttpResponseMessage response = Api.Send(new HttpRequestMessage(HttpMethod.Get, "/health/ready"));
            using StreamReader body = new(response.Content.ReadAsStream());
            return JsonDocument.Parse(body.ReadToEnd()).RootElement.TryGetProperty("checks", out JsonElement checks)
                && checks.EnumerateObject().All(static check => check.Name == "media" || check.Value.GetString() == "Healthy");
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
