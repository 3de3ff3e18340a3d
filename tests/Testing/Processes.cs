using System.Globalization;
using System.Runtime.InteropServices;

namespace Streams.Testing;

/// <summary>What Linux says of processes, and signals to them.</summary>
public static class Processes
{
    /// <summary>The signal that ends a process at once.</summary>
    public const int KillSignal = 9;

    /// <summary>Whether a process runs; a zombie does not.</summary>
    public static bool IsAlive(int pid) => StatOf(pid) is { } fields && fields[0] is not ("Z" or "X");

    /// <summary>The process group of a process; 0 when it has ended.</summary>
    public static int GroupOf(int pid) => StatOf(pid) is { } fields ? int.Parse(fields[2], CultureInfo.InvariantCulture) : 0;

    /// <summary>Pids of the living processes that a process started itself.</summary>
    public static IReadOnlyList<int> ChildrenOf(int pid)
    {
        string parent = pid.ToString(CultureInfo.InvariantCulture);
        return
        [
            .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
                .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out int child) && StatOf(child)?[1] == parent && IsAlive(child))
                .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>A process's arguments as any user of the machine can read them, the program first.</summary>
    public static IReadOnlyList<string> ArgumentsOf(int pid) => File.ReadAllText($"/proc/{pid}/cmdline").TrimEnd('\0').Split('\0');

    /// <summary>Pids of all living processes whose environment has the variable with a value that is accepted.</summary>
    /// <param name="variable">The variable's name.</param>
    /// <param name="accept">Which values.</param>
    /// <param name="values">Takes each pid's value, when given.</param>
    public static IReadOnlyList<int> WithVariable(string variable, Func<string, bool> accept, IDictionary<int, string>? values = null)
    {
        List<int> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int pid)
                && ValueOf(pid, variable) is { } value && accept(value) && IsAlive(pid))
            {
                found.Add(pid);
                values?.Add(pid, value);
            }
        }

        return found;
    }

    /// <summary>Sends a signal to a process, if there is one.</summary>
    public static void TrySignal(int pid, int signal) => _ = kill(pid, signal);

    /// <summary>Sends a signal to a process.</summary>
    /// <exception cref="InvalidOperationException">There is no such process.</exception>
    public static void Signal(int pid, int signal)
    {
        if (kill(pid, signal) != 0)
        {
            throw new InvalidOperationException($"kill({pid}, {signal}) failed with {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>The fields of <c>/proc/PID/stat</c> after the name, state first; null when it has ended.</summary>
    private static string[]? StatOf(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>When a process started, in the kernel's ticks: with its id it is like no other's. Null when it has ended.</summary>
    public static string? StartOf(int pid) => StatOf(pid)?[19];

    /// <summary>The value of a variable in a process's environment; null when it has none, or has ended.</summary>
    public static string? ValueOf(int pid, string variable)
    {
        try
        {
            string start = variable + "=";
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0').FirstOrDefault(entry => entry.StartsWith(start, StringComparison.Ordinal))?[start.Length..];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int pid, int signal);
}
