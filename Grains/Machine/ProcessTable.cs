using System.Globalization;

namespace Streams.Grains.Machine;

/// <summary>What Linux's <c>/proc</c> says of processes. Elsewhere it is empty, and says nothing.</summary>
internal static class ProcessTable
{
    private const string Root = "/proc";

    /// <summary>The unit of times in <c>/proc</c>: USER_HZ, which is 100 on all of .NET's platforms.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Whether a process of the group runs; one that has ended and is only not waited for does not. True when nobody can tell.</summary>
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

    /// <summary>A process, or null when it is gone.</summary>
    /// <exception cref="IOException">The machine is short of handles, and nobody can tell.</exception>
    public static ProcessEntry? Read(int pid)
    {
        try
        {
            // "pid (name) state parent group ...": the name may hold anything, also brackets.
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
    /// For how long the running processes of a group have wanted a processor: the time that they had one and the time that they waited for one. On a
    /// machine with too much to do the former alone tells little. Where the system does not tell the latter, it is the former.
    /// </summary>
    public static TimeSpan DemandOf(int group) =>
        Pids().Select(Read).Where(process => process?.Group == group).Aggregate(TimeSpan.Zero, static (sum, process) => sum + (ScheduledTimeOf(process!.Pid) ?? process.ProcessorTime));

    /// <summary>The sum over a process's threads of <c>schedstat</c>: nanoseconds on a processor, and waiting for one.</summary>
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

    /// <summary>The value of a variable in a process's environment, or null.</summary>
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

/// <summary>A process of the table.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="IsRunning">False when it has ended and is only not waited for.</param>
/// <param name="Group">Its process group.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot: with the pid it names a process for good.</param>
internal sealed record ProcessEntry(int Pid, bool IsRunning, int Group, long StartTicks)
{
    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime { get; init; }

    /// <summary>The same process, whatever it has done meanwhile.</summary>
    public bool IsSameAs(ProcessEntry? other) => other is not null && other.Pid == Pid && other.StartTicks == StartTicks;
}
