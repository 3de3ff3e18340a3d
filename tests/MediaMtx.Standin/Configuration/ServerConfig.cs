namespace MediaMtx.Standin.Configuration;

/// <summary>The part of MediaMTX's configuration that the stand-in uses. Addresses are null where a server is switched off.</summary>
internal sealed record ServerConfig
{
    /// <summary>Which MediaMTX is played.</summary>
    public required ServerVersion Version { get; init; }

    public required string LogLevel { get; init; }

    public required bool LogStructured { get; init; }

    /// <summary>How long a connection may stay silent; 10 s by default.</summary>
    public required TimeSpan ReadTimeout { get; init; }

    /// <summary>How long one write may take; 10 s by default.</summary>
    public required TimeSpan WriteTimeout { get; init; }

    /// <summary>How many frames wait for one reader before new ones are dropped; 512 by default.</summary>
    public required int WriteQueueSize { get; init; }

    public required string? ApiAddress { get; init; }

    public required string? MetricsAddress { get; init; }

    public required string? PlaybackAddress { get; init; }

    public required string? RtspAddress { get; init; }

    public required bool RtspOverTcp { get; init; }

    public required string? RtmpAddress { get; init; }

    /// <summary>Whether SRT is switched on: the stand-in has none, and its list is empty then.</summary>
    public required bool HasSrt { get; init; }

    /// <summary>As <see cref="HasSrt"/>, for WebRTC.</summary>
    public required bool HasWebRtc { get; init; }

    public required string? HlsAddress { get; init; }

    public required IReadOnlyList<InternalUser> Users { get; init; }

    /// <summary>Who is asked instead of the users; null with <c>authMethod: internal</c>.</summary>
    public required string? AuthHttpAddress { get; init; }

    /// <summary>What is allowed without asking; the Control API, the metrics and pprof by default.</summary>
    public required IReadOnlyList<Permission> AuthHttpExclude { get; init; }

    /// <summary>The paths, which the Control API changes.</summary>
    public required PathSettings Paths { get; init; }

    /// <summary>The configuration as a tree, for <c>/v3/config/global/get</c>.</summary>
    public required IReadOnlyDictionary<string, object?> Raw { get; init; }

    /// <summary>
    /// The longest pause after wrong credentials, drawn at random as MediaMTX does; 4 s by default. Set by the stand-in's own
    /// variable <c>STANDIN_AUTH_PAUSE</c> (a duration as in the configuration), because MediaMTX has no setting for it.
    /// </summary>
    public required TimeSpan AuthPause { get; init; }

    /// <summary>What is worth a warning: deprecated names, servers that the stand-in does not have.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
