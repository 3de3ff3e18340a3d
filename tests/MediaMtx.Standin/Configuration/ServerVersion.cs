namespace MediaMtx.Standin.Configuration;

/// <summary>
/// The version of MediaMTX that the stand-in plays: names of settings, hooks and endpoints changed between them. Set by the variable
/// <c>STANDIN_VERSION</c>; v1.20.1 by default.
/// </summary>
internal sealed class ServerVersion
{
    private const string Variable = "STANDIN_VERSION";
    private const string Default = "v1.20.1";
    private readonly Version _number;

    private ServerVersion(string text)
    {
        _number = text.StartsWith('v') && Version.TryParse(text[1..], out Version? number)
            ? number
            : throw new ConfigException($"{Variable} is '{text}', and no version like {Default}");
        Name = $"{text}-standin";
        KnownGlobal = KnownSettings.Global(this);
        KnownPath = KnownSettings.Path(this);
    }

    /// <summary>The version as it is shown, which says what shows it: <c>v1.20.1-standin</c>.</summary>
    public string Name { get; }

    /// <summary>Settings of the server.</summary>
    public IReadOnlySet<string> KnownGlobal { get; }

    /// <summary>Settings of a path and of <c>pathDefaults</c>.</summary>
    public IReadOnlySet<string> KnownPath { get; }

    /// <summary>Whether hooks are called <c>runOnAvailable</c> and <c>runOnUnavailable</c>, and there are <c>runOnOnline</c> and <c>runOnOffline</c>.</summary>
    public bool HasAvailableHooks => IsAtLeast(1, 19, 3);

    /// <summary>Whether an RTMP client that is refused hears so before it sends; until then it is let in, and dropped once its tracks are known.</summary>
    public bool RefusesRtmpClients => IsAtLeast(1, 20, 1);

    /// <summary>Whether RTMP connections and questions of <c>authMethod: http</c> have a <c>userAgent</c>.</summary>
    public bool HasUserAgents => IsAtLeast(1, 19, 0);

    /// <summary>How the log says that somebody is refused.</summary>
    public string Refused => IsAtLeast(1, 19, 3) ? "failed to authenticate" : "authentication failed";

    /// <summary>The name of the path that stands for all others, in messages.</summary>
    public string AllOthers => IsAtLeast(1, 19, 3) ? "all_others" : "all";

    /// <summary>Whether the Control API has <c>/v3/rtmp/conns</c> and its like in place of <c>/v3/rtmpconns</c>.</summary>
    public bool HasNestedEndpoints => IsAtLeast(1, 21, 0);

    /// <summary>The version of the environment.</summary>
    /// <exception cref="ConfigException">It is none.</exception>
    public static ServerVersion OfEnvironment() =>
        new(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : Default);

    /// <summary>Whether it is this version or a later one.</summary>
    public bool IsAtLeast(int major, int minor, int patch) => _number >= new Version(major, minor, patch);

    /// <summary>What a server says in the log when it listens.</summary>
    /// <param name="servers">A listener, or listeners.</param>
    /// <param name="address">Where, and by which protocol.</param>
    public string Listening(string servers, string address) =>
        IsAtLeast(1, 19, 0) ? $"started with {servers} on {address}" : $"listener opened on {address}";

    /// <summary>What a server says in the log when it ends.</summary>
    public string Closing => IsAtLeast(1, 19, 0) ? "closing" : "listener is closing";
}
