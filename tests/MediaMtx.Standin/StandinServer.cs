using System.Net.Sockets;
using MediaMtx.Standin.Auth;
using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Faults;
using MediaMtx.Standin.Hooks;
using MediaMtx.Standin.Http;
using MediaMtx.Standin.Logging;
using MediaMtx.Standin.Net;
using MediaMtx.Standin.Paths;
using MediaMtx.Standin.Rtmp;
using MediaMtx.Standin.Rtsp;

namespace MediaMtx.Standin;

/// <summary>The whole server: starts all its parts, and ends them in MediaMTX's order.</summary>
internal sealed class StandinServer : IAsyncDisposable
{
    private static readonly TimeSpan HookPatience = TimeSpan.FromMilliseconds(500);
    private readonly ServerConfig _config;
    private readonly ServerLog _log;
    private readonly HookRunner _hooks;
    private readonly FaultPlan _faults;
    private readonly ServerContext _context;
    private readonly PathNames _names;
    private readonly Authenticator _authenticator;
    private readonly SyntheticPublishers _publishers;
    private readonly HttpServers _http = new();
    private RtmpServer? _rtmp;
    private RtspServer? _rtsp;

    public StandinServer(ServerConfig config, ServerLog log, TimeProvider clock)
    {
        _config = config;
        _log = log;
        _faults = new FaultPlan();
        _names = new PathNames(config.Paths);
        _authenticator = new Authenticator(config);
        _hooks = new HookRunner(RtspPort(config), _faults, log);
        PathServices services = new(_hooks, _faults, new RtspSources(config, log, clock), log, clock);
        PathManager paths = new(config.Paths, _names, _authenticator, services);
        _publishers = new SyntheticPublishers(paths, _names, clock);
        _context = new ServerContext(config, log, _authenticator, paths, _faults, clock);
    }

    /// <summary>Listens on everything.</summary>
    /// <exception cref="IOException">An address is taken; the message says which.</exception>
    public async Task Start()
    {
        _context.Paths.Load();
        _rtsp = Listen(_config.RtspAddress, address => new RtspServer(_context, address));
        _rtmp = Listen(_config.RtmpAddress, address => new RtmpServer(_context, address));
        HttpAccess access = new(_context);
        _http.Add(_config.MetricsAddress, new MetricsApi(_context, access, _rtmp, _rtsp).Handle);
        _http.Add(_config.PlaybackAddress, new PlaybackApi(_context, access, _names).Handle);
        _http.Add(_config.HlsAddress, PlaybackApi.NoHls);
        _http.Add(_config.ApiAddress, new ControlApi(_context, access, new ConfigApi(_context), new FaultsApi(_context), new PublishersApi(_publishers), _rtmp, _rtsp).Handle);
        await _http.Start();
        Announce("metrics", _config.MetricsAddress);
        Announce("playback", _config.PlaybackAddress);
        Announce("HLS", _config.HlsAddress);
        Announce("API", _config.ApiAddress);
    }

    /// <summary>Ends all connections, streams and hooks.</summary>
    public async ValueTask DisposeAsync()
    {
        _log.Info("shutting down gracefully");
        _faults.Clear();
        _publishers.Dispose();
        await _http.DisposeAsync();
        _context.Paths.EndAll();
        if (_rtmp is not null)
        {
            await _rtmp.DisposeAsync();
        }

        if (_rtsp is not null)
        {
            await _rtsp.DisposeAsync();
        }

        _log.Info("waiting for running hooks");
        await _hooks.Close(HookPatience);
        _hooks.Dispose();
        _authenticator.Dispose();
    }

    private static T? Listen<T>(string? address, Func<string, T> listen)
        where T : class
    {
        try
        {
            return address is null ? null : listen(address);
        }
        catch (SocketException error)
        {
            string reason = error.SocketErrorCode == SocketError.AddressAlreadyInUse ? "address already in use" : error.Message;
            throw new IOException($"listen tcp {address}: bind: {reason}");
        }
    }

    private static string RtspPort(ServerConfig config) =>
        config.RtspAddress is null ? "" : ListenAddress.Parse(config.RtspAddress).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void Announce(string server, string? address)
    {
        if (address is not null)
        {
            _log.Info($"[{server}] {_config.Version.Listening("listener", $"{address} (TCP/HTTP)")}");
        }
    }
}
