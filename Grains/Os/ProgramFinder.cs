using System.Runtime.InteropServices;

namespace Streams.Grains.Os;

/// <summary>Finds programs as execvp does, but before a process is started, so that a missing program is reported as such.</summary>
internal static partial class ProgramFinder
{
    private const int MayExecute = 1; // X_OK

    /// <summary>The program's absolute path, or null.</summary>
    /// <param name="program">A name to search on the PATH, or an absolute path.</param>
    public static string? Find(string program) => Find(program, out _);

    /// <summary>The program's absolute path, or null.</summary>
    /// <param name="program">A name to search on the PATH, or an absolute path.</param>
    /// <param name="unusable">A file with that name that this user may not execute, when there is no other.</param>
    public static string? Find(string program, out string? unusable)
    {
        string[] candidates = [.. Candidates(program).Where(Path.Exists)];
        string? found = candidates.FirstOrDefault(IsExecutable);
        unusable = found is null ? candidates.FirstOrDefault() : null;
        return found;
    }

    private static IEnumerable<string> Candidates(string program)
    {
        if (Path.IsPathRooted(program))
        {
            return [program];
        }

        if (program.Length == 0 || program.Contains('/', StringComparison.Ordinal))
        {
            return [];
        }

        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program));
    }

    /// <summary>Uses the system's check, which respects users, access lists and noexec mounts. Even root needs one execute bit.</summary>
    private static bool IsExecutable(string file) => File.Exists(file) && (OperatingSystem.IsWindows() || Access(file, MayExecute) == 0);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
