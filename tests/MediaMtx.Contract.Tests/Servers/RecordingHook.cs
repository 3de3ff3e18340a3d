namespace Streams.MediaMtx.Contract.Tests;

/// <summary>A run of the recording hook.</summary>
/// <param name="Kind"><c>ready</c> or <c>not-ready</c>.</param>
/// <param name="Environment">Its environment.</param>
public sealed record HookEvent(string Kind, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The path it was about.</summary>
    public string Path => Environment.GetValueOrDefault("MTX_PATH", "");

    /// <summary>The publisher it was about.</summary>
    public string SourceId => Environment.GetValueOrDefault("MTX_SOURCE_ID", "");
}

/// <summary>
/// A folder with an <c>mtx-hook</c> that records its environment, one file a run, and fails: what MediaMTX does then is part of
/// the contract. A ready-hook of a stream whose id contains <c>hold</c> keeps running until it is interrupted, and records that.
/// </summary>
public sealed class RecordingHook : IDisposable
{
    private const string Script = """
        #!/bin/sh
        folder=$(dirname "$0")
        record() {
            env > "$folder/.$$.$1"
            mv "$folder/.$$.$1" "$folder/$(date +%s%N).$$.$1.event"
        }
        record "$1"
        echo "mtx-hook: example line on stderr for $1 $MTX_PATH" >&2
        case "$1 $MTX_PATH" in
            "ready "*hold*)
                trap 'record interrupted; exit 0' INT
                while true; do sleep 0.1; done
                ;;
        esac
        exit 3
        """;

    /// <summary>Writes the folder.</summary>
    public RecordingHook()
    {
        Folder = Directory.CreateTempSubdirectory("streams-hook-").FullName;
        string file = Path.Combine(Folder, "mtx-hook");
        File.WriteAllText(file, Script + "\n");
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("The recording hook is a shell script.");
        }

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The folder to put on the PATH of a server.</summary>
    public string Folder { get; }

    /// <summary>The runs about a path, by the time of their start.</summary>
    public IReadOnlyList<HookEvent> EventsOf(string path) =>
        [.. Directory.GetFiles(Folder, "*.event").Order(StringComparer.Ordinal).Select(Read).Where(run => run.Path == path)];

    /// <summary>Waits for a run about a path.</summary>
    public Task<HookEvent> WaitFor(string kind, string path) => WaitFor(kind, path, _ => true);

    /// <summary>Waits for a run about a path that is also something else.</summary>
    public async Task<HookEvent> WaitFor(string kind, string path, Func<HookEvent, bool> also)
    {
        IReadOnlyList<HookEvent> events = await Testing.Eventually.Get(
            () => EventsOf(path), events => events.Any(run => run.Kind == kind && also(run)), $"the {kind} hook of {path}");
        return events.First(run => run.Kind == kind && also(run));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static HookEvent Read(string file)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal);
        foreach (string line in File.ReadAllLines(file))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                environment[line[..equals]] = line[(equals + 1)..];
            }
        }

        return new HookEvent(Path.GetFileName(file).Split('.')[2], environment);
    }
}
