using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Streams.Testing;

/// <summary>
/// A media server of a test's own, with the repository's configuration on free ports. Credentials are those of that
/// configuration: <c>admin:admin</c> for the API, <c>worker:worker</c> for publishing outputs.
/// </summary>
public sealed class MediaServer : IAsyncDisposable
{
    private const string Host = "127.0.0.1";
    private static readonly string[] Servers = ["API", "METRICS", "PLAYBACK", "RTMP", "RTSP", "HLS"];
    private readonly ChildProgram _program;
    private readonly IReadOnlyDictionary<string, int> _ports;

    private MediaServer(MediaServerOptions options, ChildProgram program, IReadOnlyDictionary<string, int> ports)
    {
        Kind = options.Kind;
        Version = MediaServerVersion.Of(options);
        _program = program;
        _ports = ports;
        Api = new HttpClient { BaseAddress = new Uri(UrlOf("http", "API")), Timeout = TimeSpan.FromSeconds(30) };
        Api.DefaultRequestHeaders.Authorization = Basic("admin", "admin");
    }

    /// <summary>Which server it is.</summary>
    public MediaServerKind Kind { get; }

    /// <summary>Which version it is.</summary>
    public MediaServerVersion Version { get; }

    /// <summary>The Control API, with the administrator's credentials.</summary>
    public HttpClient Api { get; }

    /// <summary>Where the Control API is.</summary>
    public Uri ApiUrl => new(UrlOf("http", "API"));

    /// <summary>Where the metrics are; they need the administrator's credentials.</summary>
    public Uri MetricsUrl => new(UrlOf("http", "METRICS") + "/metrics");

    /// <summary>Where the playback server is.</summary>
    public Uri PlaybackUrl => new(UrlOf("http", "PLAYBACK"));

    /// <summary>Where HLS is.</summary>
    public Uri HlsUrl => new(UrlOf("http", "HLS"));

    /// <summary>The port of RTSP.</summary>
    public int RtspPort => _ports["RTSP"];

    /// <summary>The port of RTMP.</summary>
    public int RtmpPort => _ports["RTMP"];

    /// <summary>What the server and its hooks wrote so far.</summary>
    public IReadOnlyList<string> Lines => _program.Lines;

    /// <summary>The server's process id.</summary>
    public int Pid => _program.Pid;

    /// <summary>The server's process.</summary>
    public ChildProgram Program => _program;

    /// <summary>Where the stand-in's build output of this configuration (Debug, Release) is.</summary>
    public static string StandinFile
    {
        get
        {
            string folder = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
            string framework = Path.GetFileName(folder);
            string configuration = Path.GetFileName(Path.GetDirectoryName(folder)!);
            return Repository.PathOf("tests", "MediaMtx.Standin", "bin", configuration, framework, "MediaMtx.Standin");
        }
    }

    /// <summary>A real MediaMTX: <c>MEDIAMTX_BIN</c>, else the one on the PATH; null when there is none.</summary>
    public static string? MediaMtxFile => Environment.GetEnvironmentVariable("MEDIAMTX_BIN") is { Length: > 0 } named ? named : ChildProgram.Find("mediamtx");

    /// <summary>Starts a server and waits until its API answers.</summary>
    /// <exception cref="InvalidOperationException">There is no such server, or it ended at once; the message has its output.</exception>
    public static async Task<MediaServer> Start(MediaServerOptions? options = null)
    {
        options ??= new MediaServerOptions();
        IReadOnlyDictionary<string, int> ports = options.Ports ?? Servers.ToDictionary(server => server, _ => FreePorts.Next());
        ChildProgram program = Launch(options, ports);
        MediaServer server = new(options, program, ports);
        try
        {
            await Eventually.True(() => program.HasEnded || server.Answers(), $"the {options.Kind}'s API");
            return program.HasEnded
                ? throw new InvalidOperationException($"The {options.Kind} ended at its start:\n{program.Output}")
                : server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the program alone, for tests of a start that fails.</summary>
    /// <param name="options">How.</param>
    /// <param name="ports">The port of each server, by its name in capitals; free ones when null.</param>
    public static ChildProgram Launch(MediaServerOptions options, IReadOnlyDictionary<string, int>? ports = null)
    {
        ports ??= Servers.ToDictionary(server => server, _ => FreePorts.Next());
        string file = options.Kind == MediaServerKind.Standin
            ? StandinFile
            : MediaMtxFile ?? throw new InvalidOperationException("No MediaMTX: set MEDIAMTX_BIN, or put mediamtx on the PATH.");
        Dictionary<string, string> environment = ports.ToDictionary(
            port => $"MTX_{port.Key}ADDRESS", port => string.Create(CultureInfo.InvariantCulture, $"{Host}:{port.Value}"));
        if (options.Version is not null)
        {
            environment["STANDIN_VERSION"] = options.Version;
        }

        if (!MediaServerVersion.Of(options).HasAvailableHooks)
        {
            // On by default since v1.19.0, and no setting of the configuration for v1.18.2, which refuses it.
            environment["MTX_MOQ"] = "no";
        }

        environment["STANDIN_AUTH_PAUSE"] = string.Create(CultureInfo.InvariantCulture, $"{options.AuthPause.TotalMilliseconds:0}ms");
        environment["PATH"] = string.Join(':', new[] { options.HookFolder, Environment.GetEnvironmentVariable("PATH") }.Where(part => part is not null));
        if (options.OrchestratorUrl is not null)
        {
            environment["ORCHESTRATOR_URL"] = options.OrchestratorUrl.ToString();
        }

        foreach ((string name, string value) in options.Environment)
        {
            environment[name] = value;
        }

        return ChildProgram.Start(file, [options.ConfigFile], environment);
    }

    /// <summary>An RTMP URL on this server.</summary>
    /// <param name="path">The path, with its query if it has one.</param>
    public string Rtmp(string path) => $"{UrlOf("rtmp", "RTMP")}/{path}";

    /// <summary>An RTSP URL on this server.</summary>
    /// <param name="path">The path, with its query if it has one.</param>
    public string Rtsp(string path) => $"{UrlOf("rtsp", "RTSP")}/{path}";

    /// <summary>The RTMP URL that a worker publishes its output to, with the credentials for it.</summary>
    public string RtmpOutput(string streamId) => Rtmp($"live/{streamId}/out?user=worker&pass=worker");

    /// <summary>Waits for a line of the server or a hook.</summary>
    public Task<string> WaitForLine(string part, TimeSpan? patience = null) => _program.WaitForLine(part, patience);

    /// <summary>Asks the server to end, by its pid, and waits until it is gone.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public Task<int> Stop(TimeSpan? patience = null)
    {
        _program.Signal(ChildProgram.Terminate);
        return _program.WaitForEnd(patience);
    }

    /// <summary>Ends the server if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (!_program.HasEnded)
        {
            _program.Signal(ChildProgram.Terminate);
            await Task.WhenAny(_program.WaitForEnd(TimeSpan.FromSeconds(5)));
        }

        await _program.DisposeAsync();
    }

    /// <summary>A header for HTTP's Basic authentication.</summary>
    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private bool Answers() => _program.Lines.Any(static line =>
        line.Contains("[API] started", StringComparison.Ordinal) || line.Contains("[API] listener opened", StringComparison.Ordinal));

    private string UrlOf(string scheme, string server) => string.Create(CultureInfo.InvariantCulture, $"{scheme}://{Host}:{_ports[server]}");
}
