namespace Streams.Testing;

/// <summary>How a test wants its media server.</summary>
public sealed record MediaServerOptions
{
    /// <summary>Which server; the stand-in by default.</summary>
    public MediaServerKind Kind { get; init; } = MediaServerKind.Standin;

    /// <summary>Which MediaMTX the stand-in plays: <c>v1.18.2</c>; when null that of <c>STANDIN_VERSION</c>, else its default. A real one is what it is.</summary>
    public string? Version { get; init; }

    /// <summary>The configuration; by default the one of the repository's <c>deploy/mediamtx</c> for the server's version.</summary>
    public string ConfigFile
    {
        get => field ?? MediaServerVersion.Of(this).ConfigFile;
        init;
    }

    /// <summary>A folder that is searched for hooks (<c>mtx-hook</c>) before the PATH; none when null.</summary>
    public string? HookFolder { get; init; }

    /// <summary>Where hooks find the API: <c>ORCHESTRATOR_URL</c>; not set when null.</summary>
    public Uri? OrchestratorUrl { get; init; }

    /// <summary>More variables, for the server and its hooks: <c>MTX_READTIMEOUT</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The longest pause after wrong credentials; only the stand-in can do without. None by default.</summary>
    public TimeSpan AuthPause { get; init; } = TimeSpan.Zero;

    /// <summary>The port of each server, by its name in capitals (<c>API</c>, <c>RTMP</c>...); free ones when null. For a server that starts again where it was.</summary>
    public IReadOnlyDictionary<string, int>? Ports { get; init; }
}
