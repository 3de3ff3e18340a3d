using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Streams.Grains.Machine;

/// <summary>
/// What this process may open, and what is left of it. It asks the kernel about each number and so needs no handle itself, and knows a limit that
/// was lowered while handles above it are open. Linux only: elsewhere there are always enough.
/// </summary>
public static partial class FileHandles
{
    /// <summary>What a start takes for its moment: two pipes with two ends each.</summary>
    private const int OfStart = 4;

    /// <summary>What new workers leave to everything else: connections, the store, files of settings.</summary>
    private const int LeftByStarts = 16;

    private const int LimitOfFiles = 7; // RLIMIT_NOFILE
    private const int GetFlags = 1; // F_GETFD
    private const int DuplicateForOneself = 1030; // F_DUPFD_CLOEXEC
    private const int TooManyOpen = 24; // EMFILE

    /// <summary>How many this process may have open. .NET raises it to the hard limit when a process starts.</summary>
    public static long Limit => OperatingSystem.IsLinux() && GetLimit(LimitOfFiles, out Limits limits) == 0 ? (long)Math.Min(limits.Soft, int.MaxValue) : int.MaxValue;

    /// <summary>How many can still be opened; it stops counting at <paramref name="most"/>.</summary>
    public static int CountFree(int most)
    {
        if (!OperatingSystem.IsLinux())
        {
            return most;
        }

        // The kernel gives out the lowest number that is free: from the top, free ones are found at once.
        int free = 0;
        for (long number = Limit - 1; number >= 0 && free < most; number--)
        {
            free += Control((int)number, GetFlags, 0) < 0 ? 1 : 0;
        }

        return free;
    }

    /// <summary>Refuses to start one more process when handles are short: what is left of them is for what lives.</summary>
    /// <exception cref="Win32Exception">As from the kernel when there is none left.</exception>
    internal static void LeaveEnough()
    {
        int needed = OfStart + LeftByStarts + HandleReserve.Missing;
        if (CountFree(needed) < needed)
        {
            throw new Win32Exception(TooManyOpen);
        }
    }

    /// <summary>The lowest free number, for another handle of the same file; negative when there is none.</summary>
    internal static int Duplicate(int number) => Control(number, DuplicateForOneself, 0);

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
