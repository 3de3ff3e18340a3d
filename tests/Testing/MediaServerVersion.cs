using System.Diagnostics;

namespace Streams.Testing;

/// <summary>The version of a media server, and what depends on it.</summary>
/// <param name="Number">Its number: 1.20.1.</param>
public sealed record MediaServerVersion(Version Number)
{
    private static readonly Version StandinDefault = new(1, 20, 1);
    private static readonly Lazy<Version> Real = new(AskRealOne);

    /// <summary>Whether hooks are called <c>runOnAvailable</c> and <c>runOnUnavailable</c>, and there are <c>runOnOnline</c> and <c>runOnOffline</c>.</summary>
    public bool HasAvailableHooks => Number >= new Version(1, 19, 3);

    /// <summary>Whether the Control API has <c>/v3/rtmp/conns</c> and its like in place of <c>/v3/rtmpconns</c>.</summary>
    public bool HasNestedEndpoints => Number >= new Version(1, 21, 0);

    /// <summary>Whether an RTMP client that is refused hears so; until then it is dropped once its tracks are known.</summary>
    public bool RefusesRtmpClients => Number >= new Version(1, 20, 1);

    /// <summary>Whether RTMP connections, RTSP sessions and questions of <c>authMethod: http</c> have a <c>userAgent</c>.</summary>
    public bool HasUserAgents => Number >= new Version(1, 19, 0);

    /// <summary>The settings of the hooks of a stream's beginning and of its end.</summary>
    public (string Begin, string End) StreamHooks => HasAvailableHooks ? ("runOnAvailable", "runOnUnavailable") : ("runOnReady", "runOnNotReady");

    /// <summary>The repository's configuration for it.</summary>
    public string ConfigFile
    {
        get
        {
            string old = Repository.PathOf("deploy", "mediamtx", "mediamtx-1.18.yml");
            return !HasAvailableHooks && File.Exists(old) ? old : Repository.PathOf("deploy", "mediamtx", "mediamtx.yml");
        }
    }

    /// <summary>The version that a test's server will have.</summary>
    /// <exception cref="InvalidOperationException">There is no such server, or it does not say which version it is.</exception>
    public static MediaServerVersion Of(MediaServerOptions options) =>
        new(options.Kind == MediaServerKind.MediaMtx ? Real.Value : StandinName(options) is { Length: > 0 } named ? Parse(named) : StandinDefault);

    /// <summary>The name of an endpoint: <c>rtmpconns</c> is <c>rtmp/conns</c> since v1.21.</summary>
    /// <param name="name">The name until v1.20.</param>
    public string Endpoint(string name)
    {
        string what = name.EndsWith("conns", StringComparison.Ordinal) ? "conns" : "sessions";
        return HasNestedEndpoints ? $"{name[..^what.Length]}/{what}" : name;
    }

    private static string? StandinName(MediaServerOptions options) => options.Version ?? Environment.GetEnvironmentVariable("STANDIN_VERSION");

    private static Version AskRealOne()
    {
        string file = MediaServer.MediaMtxFile ?? throw new InvalidOperationException("No MediaMTX: set MEDIAMTX_BIN, or put mediamtx on the PATH.");
        using Process process = Process.Start(new ProcessStartInfo(file, ["--version"]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{file} did not start");
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Parse(answer.Trim());
    }

    private static Version Parse(string text) => text.StartsWith('v') && Version.TryParse(text[1..].Split('-')[0], out Version? number)
        ? number
        : throw new InvalidOperationException($"'{text}' is no version of MediaMTX");
}
