using System.Net.Http.Headers;
using CliWrap;
using CliWrap.Buffered;

namespace Streams.Verify.Systems;

/// <summary>Settings of a run on this machine, which <c>deploy/scripts/env.sh</c> reads from the environment, .env and defaults.</summary>
internal sealed class Settings
{
    private const string Print = """
        set -euo pipefail
        . deploy/scripts/env.sh
        for name; do printf '%s\n' "${!name:-}"; done
        """;

    private readonly Dictionary<string, string> _values;

    private Settings(Dictionary<string, string> values) => _values = values;

    /// <summary>The settings that are ports, with the defaults that documents use.</summary>
    public static IReadOnlyDictionary<string, int> DefaultPorts { get; } = new Dictionary<string, int>
    {
        ["STREAMS_API_PORT"] = 8080,
        ["STREAMS_SILO_PORT"] = 11111,
        ["STREAMS_GATEWAY_PORT"] = 30000,
        ["MEDIAMTX_RTMP_PORT"] = 1935,
        ["MEDIAMTX_RTSP_PORT"] = 8554,
        ["MEDIAMTX_HLS_PORT"] = 8888,
        ["MEDIAMTX_API_PORT"] = 9997,
        ["MEDIAMTX_METRICS_PORT"] = 9998,
        ["MEDIAMTX_PLAYBACK_PORT"] = 9996,
    };

    // After the ports: static members are initialized from top to bottom.
    private static readonly string[] Names =
    [
        .. DefaultPorts.Keys, "RUN", "API_URL", "CONTROL_URL", "METRICS_URL", "RTMP_URL", "RTSP_URL", "PUBLISH_QUERY", "READ_USER",
        "STREAMS_OPERATOR_TOKEN", "MEDIAMTX_API_USER", "MEDIAMTX_API_PASS", "MEDIAMTX_BIN", "STREAMS_MEDIAMTX", "MEDIAMTX_RELEASES",
    ];

    /// <summary>A setting by its name in <c>env.sh</c>.</summary>
    public string this[string name] => _values[name];

    /// <summary>A client for the Streams API, with the operator's token where one is set.</summary>
    public HttpClient OpenApi()
    {
        string token = this["STREAMS_OPERATOR_TOKEN"];
        return Open("API_URL", token.Length > 0 ? new AuthenticationHeaderValue("Bearer", token) : null);
    }

    /// <summary>A client for MediaMTX's Control API and metrics, with the operator's credentials.</summary>
    public HttpClient OpenControlApi() => Open("CONTROL_URL", MediaServer.Basic(this["MEDIAMTX_API_USER"], this["MEDIAMTX_API_PASS"]));

    private HttpClient Open(string url, AuthenticationHeaderValue? credentials) => new()
    {
        BaseAddress = new Uri(this[url]),
        Timeout = TimeSpan.FromSeconds(10),
        DefaultRequestHeaders = { Authorization = credentials },
    };

    /// <summary>Reads the settings.</summary>
    /// <param name="environment">Variables on top of this process's own; null removes one.</param>
    public static async Task<Settings> Read(IReadOnlyDictionary<string, string?> environment)
    {
        BufferedCommandResult result = await Cli.Wrap("bash")
            .WithArguments(["-c", Print, "settings", .. Names])
            .WithWorkingDirectory(Repository.Root)
            .WithEnvironmentVariables(environment)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        return result.ExitCode == 0
            ? new Settings(Names.Zip(result.StandardOutput.Split('\n')).ToDictionary(static pair => pair.First, static pair => pair.Second))
            : throw new InvalidOperationException($"The settings cannot be read: {result.StandardError.Trim()}");
    }
}
