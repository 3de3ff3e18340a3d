using CliWrap;
using CliWrap.Buffered;
using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>
/// A run of Streams of its own: a folder, free ports and an environment without anything of the developer's. Disposing it stops
/// what was started in it.
/// </summary>
public sealed class RunFolder : IAsyncDisposable
{
    private static readonly string[] OursByPrefix = ["STREAMS_", "MEDIAMTX_", "WORKER_", "ORCHESTRATOR_", "Streams__", "MTX_"];
    private static readonly string[] OursByName = ["STREAM", "NODE", "N", "SIDE", "SECONDS", "FOR_SECONDS", "FOLLOW", "ONLY", "AUDIENCE", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"];

    public RunFolder()
    {
        Path = Directory.CreateTempSubdirectory("streams-run-").FullName;
        Environment["STREAMS_RUN_DIR"] = Path;
        Environment["STREAMS_ENV_FILE"] = "/dev/null";
        foreach (string name in Ports)
        {
            Environment[name] = FreePorts.Next().ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The settings that are ports.</summary>
    public static IReadOnlyList<string> Ports { get; } =
    [
        "STREAMS_API_PORT", "STREAMS_SILO_PORT", "STREAMS_GATEWAY_PORT", "MEDIAMTX_RTMP_PORT", "MEDIAMTX_RTSP_PORT", "MEDIAMTX_HLS_PORT",
        "MEDIAMTX_API_PORT", "MEDIAMTX_METRICS_PORT", "MEDIAMTX_PLAYBACK_PORT",
    ];

    /// <summary>The fake silo and MediaMTX, as built beside this test.</summary>
    public static string FakePart { get; } = Repository.PathOf(
        "tests", "FakePart", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Streams.FakePart");

    /// <summary>Where the run keeps its state.</summary>
    public string Path { get; }

    /// <summary>What every script of this run is given; null takes a variable away.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    public int Port(string name) => int.Parse(Environment[name]!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Makes the silo and MediaMTX fake ones, and the hook and the stand-in look built.</summary>
    public RunFolder WithFakeParts()
    {
        Environment["STREAMS_SILO_BIN"] = FakePart;
        Environment["MEDIAMTX_BIN"] = FakePart;
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "bin"));
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "build"));
        File.WriteAllText(System.IO.Path.Combine(Path, "bin", "mtx-hook"), "");
        File.WriteAllText(System.IO.Path.Combine(Path, "build", "hook"), "");
        File.WriteAllText(System.IO.Path.Combine(Path, "build", "stand-in"), "");
        return this;
    }

    /// <summary>Runs a script of deploy/scripts.</summary>
    public Task<ScriptRun> Script(string name, params string[] arguments) =>
        Run([Repository.PathOf("deploy", "scripts", name + ".sh"), .. arguments]);

    /// <summary>Runs a few lines of bash after the named libraries of deploy/scripts.</summary>
    public Task<ScriptRun> Bash(string libraries, string script)
    {
        string sources = string.Concat(libraries.Split(' ').Select(static name => $". deploy/scripts/{name}.sh; "));
        return Run(["-c", $"set -euo pipefail; {sources}{script}"]);
    }

    /// <summary>The pid in a part's record.</summary>
    public int PidOf(string part) =>
        int.Parse(File.ReadAllText(System.IO.Path.Combine(Path, "pids", part)).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Processes that were started by this run, whoever their parent is now.</summary>
    public IReadOnlyList<int> ProcessesLeft() => Processes.WithVariable("STREAMS_DEV_RUN", value => value == Path);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Environment["STREAMS_STOP_WITHIN"] = "1";
        await Script("down");
        Directory.Delete(Path, recursive: true);
    }

    private async Task<ScriptRun> Run(string[] arguments)
    {
        Dictionary<string, string?> environment = new(Environment);
        foreach (string name in System.Environment.GetEnvironmentVariables().Keys)
        {
            bool isOurs = (OursByName.Contains(name) || OursByPrefix.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                && name is not ("STREAMS_TEST_RUN" or "Streams__Workers__PassEnvironment__0");
            if (isOurs)
            {
                environment.TryAdd(name, null);
            }
        }

        BufferedCommandResult result = await Cli.Wrap("bash")
            .WithArguments(arguments)
            .WithWorkingDirectory(Repository.Root)
            .WithEnvironmentVariables(environment)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        return new ScriptRun(result.ExitCode, result.StandardOutput, result.StandardError, result.RunTime);
    }
}
