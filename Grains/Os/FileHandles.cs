using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Streams.Grains.Os;

/// <summary>
/// The file handle limit of this process, and how many handles are free. It queries the kernel for each number, which takes no handle itself and
/// is right even when the limit was lowered below handles that are open. Linux only: elsewhere there are always enough.
/// </summary>
public static partial class FileHandles
{
    /// <summary>Handles that a start needs for a moment: two pipes with two ends each.</summary>
    private const int PerStart = 4;

    /// <summary>Handles that starts leave free for everything else: connections, the store, settings files.</summary>
    private const int KeptFree = 16;

    private const int LimitOfFiles = 7; // RLIMIT_NOFILE
    private const int GetFlags = 1; // F_GETFD
    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC
    private const int TooManyOpen = 24; // EMFILE

    /// <summary>The most handles that this process may have open. .NET raises it to the hard limit when a process starts.</summary>
    public static long Limit => OperatingSystem.IsLinux() && GetLimit(LimitOfFiles, out Limits limits) == 0 ? (long)Math.Min(limits.Soft, int.MaxValue) : int.MaxValue;

    /// <summary>How many handles can still be opened; counts up to <paramref name="most"/>.</summary>
    public static int CountFree(int most)
    {
        if (!OperatingSystem.IsLinux())
        {
            return most;
        }

        // The kernel assigns the lowest free number, so counting from the top finds free ones at once.
        int free = 0;
        for (long number = Limit - 1; number >= 0 && free < most; number--)
        {
            free += Control((int)number, GetFlags, 0) < 0 ? 1 : 0;
        }

        return free;
    }

    /// <summary>Refuses to start another process when handles are short: the rest are kept for what already runs.</summary>
    /// <exception cref="Win32Exception">EMFILE, as the kernel reports it when none is left.</exception>
    internal static void ThrowIfShort()
    {
        int needed = PerStart + KeptFree + HandleReserve.Missing;
        if (CountFree(needed) < needed)
        {
            throw new Win32Exception(TooManyOpen);
        }
    }

    /// <summary>Duplicates a handle to the lowest free number; negative when there is none.</summary>
    internal static int Duplicate(int number) => Control(number, DuplicateCloseOnExec, 0);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int number);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limits limits);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int number, int command, int argument);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limits
    {
        public readonly ulong Soft;
        public readonly ulong Hard;
    }
}
