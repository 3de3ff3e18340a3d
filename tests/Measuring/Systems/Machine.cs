using System.Globalization;
using System.Runtime.InteropServices;
using Streams.Testing;

namespace Streams.Measuring.Systems;

/// <summary>The machine and the commit that results belong to.</summary>
public static class Machine
{
    private const string Stat = "/proc/stat";

    /// <summary>Processor, memory, kernel and runtime.</summary>
    public static string Describe()
    {
        string processor = Read("/proc/cpuinfo")?.Split('\n').FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            ?? RuntimeInformation.ProcessArchitecture.ToString();
        double memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        string kernel = Read("/proc/sys/kernel/osrelease")?.Trim() is { } release ? $"Linux {release}" : RuntimeInformation.OSDescription;
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores ({processor}), {memory:0} GiB, {kernel}, {RuntimeInformation.FrameworkDescription}");
    }

    /// <summary>The load average of the last 1, 5 and 15 minutes, for example <c>0.40 1.20 2.05</c>; null where the system has none.</summary>
    public static string? Load() => Read("/proc/loadavg") is { } load ? string.Join(' ', load.Split(' ')[..3]) : null;

    /// <summary>How many cores other processes keep busy, sampled for one second while nothing is measured; 0 where the system does not say.</summary>
    public static async Task<double> MeasureOtherWork()
    {
        if (!File.Exists(Stat))
        {
            return 0;
        }

        (double busy, double all) = ReadStat();
        await Task.Delay(TimeSpan.FromSeconds(1));
        (double busyLater, double allLater) = ReadStat();
        return (busyLater - busy) / Math.Max(1, allLater - all) * Environment.ProcessorCount;
    }

    /// <summary>The checked-out commit, and whether the tree has uncommitted changes.</summary>
    public static async Task<string> Commit()
    {
        (int code, string commit) = await ChildProgram.Run("git", ["-C", Repository.Root, "rev-parse", "--short", "HEAD"]);
        if (code != 0)
        {
            return "no commit";
        }

        (_, string changes) = await ChildProgram.Run("git", ["-C", Repository.Root, "status", "--porcelain"]);
        return $"commit {commit.Trim()}{(changes.Trim().Length > 0 ? " with changes" : "")}";
    }

    /// <summary>Ticks of all cores since boot: busy (without idle and I/O wait), and in all.</summary>
    private static (double Busy, double All) ReadStat()
    {
        double[] ticks = [.. File.ReadLines(Stat).First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(static text => double.Parse(text, CultureInfo.InvariantCulture))];
        return (ticks.Sum() - ticks[3] - ticks[4], ticks.Sum());
    }

    private static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file) : null;
}
