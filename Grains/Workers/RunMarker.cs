using System.Globalization;
using Streams.Grains.Os;

namespace Streams.Grains.Workers;

/// <summary>
/// What a worker's environment says of whose it is: <c>{pid namespace}.{silo's pid}.{silo's start}/{stream id}/{generation}</c>. A marked
/// process whose silo no longer runs is an orphan, whichever installation it came from.
/// </summary>
internal static class RunMarker
{
    /// <summary>The variable's name.</summary>
    public const string Variable = "STREAMS_RUN";

    private static readonly string Namespace = ReadNamespace();

    /// <summary>This silo's part of the marker.</summary>
    private static readonly string Silo = Owner(Environment.ProcessId, ProcessTable.Read(Environment.ProcessId)?.StartTicks ?? 0);

    /// <summary>The marker of a run of this silo.</summary>
    public static string Of(WorkerRun run) => string.Create(CultureInfo.InvariantCulture, $"{Silo}/{run.StreamId}/{run.Generation}");

    /// <summary>Whether the silo that a marker names is known to have ended. What cannot be read belongs to somebody else.</summary>
    public static bool IsOrphan(string marker)
    {
        string[] owner = marker.Split('/')[0].Split('.');
        return owner.Length == 3
            && owner[0] == Namespace
            && int.TryParse(owner[1], NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            && long.TryParse(owner[2], NumberStyles.None, CultureInfo.InvariantCulture, out long startTicks)
            && !(ProcessTable.Read(pid) is { IsRunning: true } silo && silo.StartTicks == startTicks);
    }

    private static string Owner(int pid, long startTicks) => string.Create(CultureInfo.InvariantCulture, $"{Namespace}.{pid}.{startTicks}");

    /// <summary>A pid means something only in its namespace: a host must not take a container's workers for its own.</summary>
    private static string ReadNamespace()
    {
        string? target = OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget : null;
        return target is null ? "0" : new string([.. target.Where(char.IsAsciiDigit)]);
    }
}
