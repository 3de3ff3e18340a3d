using System.Globalization;

namespace Streams.Grains.Os;

/// <summary>Reads processes from Linux's <c>/proc</c>. On other systems it is empty.</summary>
internal static class ProcessTable
{
    private const string Root = "/proc";

    /// <summary>The unit of times in <c>/proc</c>: USER_HZ, which is 100 on all of .NET's platforms.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Whether any process of the group still runs; a zombie does not count. True when this cannot be determined.</summary>
    public static bool AnyRunsIn(int group)
    {
        try
        {
            return Pids().Any(pid => Read(pid) is { IsRunning: true } process && process.Group == group);
        }
        catch (IOException unknown) when (MachineShortage.FindIn(unknown) is not null)
        {
            return true;
        }
    }

    /// <summary>All pids.</summary>
    public static IEnumerable<int> Pids() => !Directory.Exists(Root)
        ? []
        : Directory.EnumerateDirectories(Root)
            .Select(static folder => int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : 0)
            .Where(static pid => pid > 0);

    /// <summary>Reads a process; null when it is gone.</summary>
    /// <exception cref="IOException">The machine is short of handles, so the process cannot be read.</exception>
    public static ProcessEntry? Read(int pid)
    {
        try
        {
            // "pid (name) state parent group ...": the name may contain anything, including parentheses.
            string stat = File.ReadAllText($"{Root}/{pid}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessEntry(pid, fields[0] is not ("Z" or "X"), int.Parse(fields[2], CultureInfo.InvariantCulture), long.Parse(fields[19], CultureInfo.InvariantCulture))
            {
                ProcessorTime = TimeSpan.FromSeconds((Ticks(fields[11]) + Ticks(fields[12])) / TicksPerSecond),
            };
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return null;
        }
    }

    /// <summary>
    /// The processor demand of a group's running processes: time on a processor plus time waiting for one. On an overloaded machine the first alone
    /// says little. Where the system does not report waiting time, it is the processor time.
    /// </summary>
    public static TimeSpan DemandOf(int group) =>
        Pids().Select(Read).Where(process => process?.Group == group).Aggregate(TimeSpan.Zero, static (sum, process) => sum + (ScheduledTimeOf(process!.Pid) ?? process.ProcessorTime));

    /// <summary>The sum of <c>schedstat</c> over a process's threads: nanoseconds on a processor and waiting for one.</summary>
    private static TimeSpan? ScheduledTimeOf(int pid)
    {
        try
        {
            long nanoseconds = Directory.EnumerateDirectories($"{Root}/{pid}/task")
                .Select(static thread => File.ReadAllText($"{thread}/schedstat").Split(' '))
                .Sum(static fields => long.Parse(fields[0], CultureInfo.InvariantCulture) + long.Parse(fields[1], CultureInfo.InvariantCulture));
            return nanoseconds > 0 ? TimeSpan.FromMicroseconds(nanoseconds / 1000.0) : null;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static double Ticks(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    private static bool IsGone(Exception failure) => failure is IOException or UnauthorizedAccessException && MachineShortage.FindIn(failure) is null;

    /// <summary>The value of a process's environment variable, or null.</summary>
    public static string? EnvironmentOf(int pid, string variable)
    {
        try
        {
            string start = variable + "=";
            return File.ReadAllText($"{Root}/{pid}/environ").Split('\0').FirstOrDefault(entry => entry.StartsWith(start, StringComparison.Ordinal))?[start.Length..];
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return null;
        }
    }
}

/// <summary>A process in the process table.</summary>
/// <param name="Pid">Its pid.</param>
/// <param name="IsRunning">False for a zombie.</param>
/// <param name="Group">Its process group.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot. Together with the pid it identifies a process uniquely.</param>
internal sealed record ProcessEntry(int Pid, bool IsRunning, int Group, long StartTicks)
{
    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime { get; init; }

    /// <summary>Whether both are the same process.</summary>
    public bool IsSameAs(ProcessEntry? other) => other is not null && other.Pid == Pid && other.StartTicks == StartTicks;
}
