using System.Runtime.InteropServices;

namespace Streams.Grains.Os;

/// <summary>Signals to processes and process groups, which .NET does not offer.</summary>
internal static partial class Signals
{
    /// <summary>SIGINT, the polite signal: what Ctrl-C sends.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGKILL, which a process cannot ignore.</summary>
    public const int Kill = 9;

    private const int NoSuchProcess = 3; // ESRCH

    /// <summary>Sends a signal to every process of a group.</summary>
    /// <param name="group">The group's id: the pid of its leader.</param>
    /// <param name="signal">The signal; 0 only checks whether the group exists.</param>
    /// <returns>False when the group has no process.</returns>
    public static bool SendToGroup(int group, int signal)
    {
        // 0 and 1 would mean "my own group" and "everything".
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(group, 1);
        return SystemKill(-group, signal) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;
    }

    /// <summary>Sends a signal to one process.</summary>
    /// <param name="pid">The process. The caller must know that the pid has not been reused.</param>
    /// <param name="signal">The signal.</param>
    public static bool SendToProcess(int pid, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(pid, 1);
        return SystemKill(pid, signal) == 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SystemKill(int pid, int signal);
}
