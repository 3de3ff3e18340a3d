using System.Diagnostics;
using System.Globalization;
using CliWrap;
using CliWrap.Buffered;

namespace Streams.Verify.Systems;

/// <summary>A silo and a media server on this machine, started and stopped with make, as a user does.</summary>
internal sealed class LocalSystem
{
    private static readonly string[] SettingPrefixes = ["STREAMS_", "MEDIAMTX_", "WORKER_", "ORCHESTRATOR_", "Streams__", "MTX_"];
    private static readonly string[] MakeVariables = ["MAKEFLAGS", "MAKELEVEL", "MFLAGS", "STREAM", "N", "SIDE", "FOR_SECONDS", "SECONDS", "FOLLOW", "ONLY", "AUDIENCE"];

    private LocalSystem(Dictionary<string, string?> environment, Settings settings)
    {
        Environment = environment;
        Settings = settings;
    }

    /// <summary>Environment variables of this system's programs, on top of this process's own; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; }

    public Settings Settings { get; }

    /// <summary>Its run folder.</summary>
    public string Folder => Settings["RUN"];

    /// <summary>The silo's log.</summary>
    public string LogFile => Path.Combine(Folder, "logs", "silo.log");

    /// <summary>Which media server it runs, as make dev recorded it.</summary>
    public string MediaServer => File.ReadLines(MediaServerRecord).ElementAt(2);

    /// <summary>The program of the real MediaMTX that it runs; null for the stand-in.</summary>
    public string? MediaMtxFile
    {
        get
        {
            string program = $"/proc/{File.ReadLines(MediaServerRecord).First().Split(' ')[0]}/exe";
            return MediaServer == "the stand-in" ? null
                : File.Exists(program) ? File.ResolveLinkTarget(program, returnFinalTarget: true)!.FullName
                : Streams.Testing.MediaServer.MediaMtxFile ?? throw new InvalidOperationException($"The program of {MediaServer} is not known: set MEDIAMTX_BIN.");
        }
    }

    /// <summary>The system that make dev starts, with settings from the environment, .env and defaults.</summary>
    public static async Task<LocalSystem> OfDeveloper()
    {
        Dictionary<string, string?> environment = MakeVariables.ToDictionary(static name => name, static _ => (string?)null);
        environment["STREAMS_LOG_SIZE"] = "1g"; // marks in a log are places in one file
        Settings settings = await Settings.Read(environment);
        environment["STREAMS_RUN_DIR"] = settings["RUN"]; // also for what reads no .env, as make coverage
        return new LocalSystem(environment, settings);
    }

    /// <summary>A second system in a folder of its own, with default settings and other ports; it uses the build of this one.</summary>
    /// <param name="name">Its folder below <c>verify</c>.</param>
    /// <param name="ports">Its ports by setting; random free ones when null.</param>
    public async Task<LocalSystem> Beside(string name, IReadOnlyDictionary<string, int>? ports = null)
    {
        Dictionary<string, string?> environment = new(Environment);
        foreach (string variable in System.Environment.GetEnvironmentVariables().Keys)
        {
            if (SettingPrefixes.Any(prefix => variable.StartsWith(prefix, StringComparison.Ordinal)))
            {
                environment[variable] = null;
            }
        }

        environment["STREAMS_ENV_FILE"] = "/dev/null";
        environment["STREAMS_RUN_DIR"] = Path.Combine(Folder, "verify", name);
        foreach (string setting in (string[])["MEDIAMTX_BIN", "STREAMS_MEDIAMTX", "MEDIAMTX_RELEASES"])
        {
            environment[setting] = Settings[setting];
        }

        foreach (string setting in Settings.DefaultPorts.Keys)
        {
            environment[setting] = (ports?[setting] ?? FreePorts.Next()).ToString(CultureInfo.InvariantCulture);
        }

        LocalSystem system = new(environment, await Settings.Read(environment));
        await system.Stop(); // Leftovers of a killed run.
        system.CopyBuildOf(this);
        return system;
    }

    /// <summary>Whether silo and media server run.</summary>
    public async Task<bool> IsRunning()
    {
        const string Script = "set -euo pipefail; . deploy/scripts/env.sh; . deploy/scripts/lib.sh; part_alive silo && part_alive mediamtx";
        return (await Run("bash", ["-c", Script])).ExitCode == 0;
    }

    /// <summary>make dev.</summary>
    /// <returns>How long it took.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public async Task<TimeSpan> Start()
    {
        long start = Stopwatch.GetTimestamp();
        BufferedCommandResult dev = await Run("make", ["--no-print-directory", "dev"]);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        return dev.ExitCode == 0 ? took : throw new InvalidOperationException($"make dev failed:\n{dev.StandardOutput}{dev.StandardError}");
    }

    /// <summary>make down.</summary>
    /// <exception cref="InvalidOperationException">Something is left; the message says what.</exception>
    public async Task Stop()
    {
        BufferedCommandResult down = await Run("make", ["--no-print-directory", "down"]);
        if (down.ExitCode != 0)
        {
            throw new InvalidOperationException($"make down failed:\n{down.StandardOutput}{down.StandardError}");
        }
    }

    /// <summary>Makes a target; whether it succeeds is for the caller to see.</summary>
    /// <param name="target">Its name in the Makefile.</param>
    /// <param name="cleanup">Ends it when the run is interrupted.</param>
    public async Task Make(string target, Cleanup cleanup)
    {
        CommandTask<BufferedCommandResult> making = Run("make", ["--no-print-directory", target]);
        cleanup.Push(async () =>
        {
            if (!making.Task.IsCompleted)
            {
                Processes.Signal(making.ProcessId, ChildProgram.Terminate); // which make passes on
                await making;
            }
        });
        await making;
    }

    private string MediaServerRecord => Path.Combine(Folder, "pids", "mediamtx");

    private CommandTask<BufferedCommandResult> Run(string program, IReadOnlyList<string> arguments) => Cli.Wrap(program)
        .WithArguments(arguments)
        .WithWorkingDirectory(Repository.Root)
        .WithEnvironmentVariables(Environment)
        .WithValidation(CommandResultValidation.None)
        .ExecuteBufferedAsync();

    /// <summary>Creates the run folder with the build and its stamps, so that make dev does not build again.</summary>
    private void CopyBuildOf(LocalSystem other)
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        foreach (string part in (string[])["bin", "build"])
        {
            string target = Directory.CreateDirectory(Path.Combine(Folder, part)).FullName;
            foreach (string file in Directory.EnumerateFiles(Path.Combine(other.Folder, part)))
            {
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }

        if (Directory.Exists(Path.Combine(other.Folder, "cache")))
        {
            Directory.CreateSymbolicLink(Path.Combine(Folder, "cache"), Path.Combine(other.Folder, "cache"));
        }
    }
}
