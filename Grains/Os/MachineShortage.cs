using System.ComponentModel;
using System.Globalization;

namespace Streams.Grains.Os;

/// <summary>Detects whether the machine is short of handles, processes, memory or disk. It measures, and does not parse any program's output. Thread-safe.</summary>
internal sealed class MachineShortage
{
    private const long LeastMemoryKilobytes = 16 * 1024;
    private const long LeastDiskBytes = 1024 * 1024;
    private const double MostHandles = 0.98;

    private long _oomKills = ReadOomKills();

    /// <summary>The machine's current shortage; null for none.</summary>
    /// <param name="signal">The signal that has just ended a worker, or null.</param>
    public Shortage? Find(int? signal)
    {
        if (signal == Signals.Kill && HasKilledForMemory())
        {
            return Memory("The kernel has killed a process because memory ran out");
        }

        return FindHandles() ?? FindMemory() ?? FindDisk();
    }

    /// <summary>The shortage that made the system refuse to start a process, by its error number; null when there was another reason.</summary>
    public static Shortage? FindIn(int error) => error switch
    {
        24 => Handles("This process has no file handle to spare"), // EMFILE
        23 => Handles("The machine has no file handle left"), // ENFILE
        11 => new Shortage("The machine allows no more processes", "Raise the limit of processes (ulimit -u, the container's pids limit), or run fewer workers."), // EAGAIN
        12 => Memory("The machine has no memory left"), // ENOMEM
        28 => Disk("A disk of the machine is full"), // ENOSPC
        _ => null,
    };

    /// <inheritdoc cref="FindIn(int)"/>
    public static Shortage? FindIn(Exception refused) => refused switch
    {
        Win32Exception system => FindIn(system.NativeErrorCode),
        IOException io => FindIn(io.HResult & 0xFFFF),
        OutOfMemoryException => Memory("The machine has no memory left"),
        _ => null,
    };

    private static Shortage? FindHandles()
    {
        string[] numbers = ReadFields("/proc/sys/fs/file-nr");
        return numbers.Length >= 3 && long.TryParse(numbers[0], CultureInfo.InvariantCulture, out long used) && long.TryParse(numbers[2], CultureInfo.InvariantCulture, out long max) && used >= max * MostHandles
            ? Handles($"The machine has used {used} of its {max} file handles")
            : null;
    }

    private static Shortage? FindMemory()
    {
        string? line = ReadLines("/proc/meminfo").FirstOrDefault(static line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line is not null && long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture, out long kilobytes) && kilobytes < LeastMemoryKilobytes
            ? Memory($"The machine has {kilobytes / 1024} MB of memory left")
            : null;
    }

    private static Shortage? FindDisk()
    {
        foreach (string folder in new[] { Path.GetTempPath(), Environment.CurrentDirectory }.Distinct())
        {
            try
            {
                DriveInfo drive = new(folder);
                if (drive.TotalSize > 0 && drive.AvailableFreeSpace < LeastDiskBytes)
                {
                    return Disk($"The disk of {folder} is full");
                }
            }
            catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // Without a measurement no shortage is reported.
            }
        }

        return null;
    }

    private bool HasKilledForMemory()
    {
        long now = ReadOomKills();
        return Interlocked.Exchange(ref _oomKills, now) < now;
    }

    private static long ReadOomKills()
    {
        string? line = ReadLines("/proc/vmstat").FirstOrDefault(static line => line.StartsWith("oom_kill ", StringComparison.Ordinal));
        return line is not null && long.TryParse(line["oom_kill ".Length..], CultureInfo.InvariantCulture, out long kills) ? kills : 0;
    }

    private static Shortage Handles(string what) => new(what, "Raise the limit of open files (ulimit -n, LimitNOFILE), or run fewer workers.");

    private static Shortage Memory(string what) => new(what, "Free memory, or run fewer workers.");

    private static Shortage Disk(string what) => new(what, "Free space on it.");

    private static string[] ReadFields(string file) => ReadLines(file) is [var first, ..] ? first.Split('\t', ' ') : [];

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

/// <summary>A shortage of the machine.</summary>
/// <param name="What">What is short, readable for users.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record Shortage(string What, string Remedy);
