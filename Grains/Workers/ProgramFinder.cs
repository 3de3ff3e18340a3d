namespace Streams;

/// <summary>Finds programs as execvp does, but before a process is made of it, so that a missing one is told as what it is.</summary>
internal static class ProgramFinder
{
    /// <summary>The program's absolute path, or null.</summary>
    /// <param name="program">A name to search on the PATH, or an absolute path.</param>
    public static string? Find(string program)
    {
        if (Path.IsPathRooted(program))
        {
            return IsExecutable(program) ? program : null;
        }

        if (program.Length == 0 || program.Contains('/', StringComparison.Ordinal))
        {
            return null;
        }

        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string file)
    {
        const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & AnyExecute) != 0);
    }
}
