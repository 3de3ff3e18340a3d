using System.Globalization;
using System.Runtime.InteropServices;
using Streams.Testing;

namespace Streams.Verify;

/// <summary>What a report says of where it comes from.</summary>
internal static class Machine
{
    private const string CpuInfo = "/proc/cpuinfo";
    private const string LoadAverage = "/proc/loadavg";

    /// <summary>Processor, memory, system, and how busy it is.</summary>
    public static string Describe()
    {
        string processor = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? ""
            : RuntimeInformation.ProcessArchitecture.ToString();
        double memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        string load = File.Exists(LoadAverage) ? $", load {string.Join(' ', File.ReadAllText(LoadAverage).Split(' ')[..3])} at the end" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores ({processor}), {memory:0} GiB, {RuntimeInformation.OSDescription}{load}");
    }

    /// <summary>The commit that was verified, and whether there was more.</summary>
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
}
