using System.Collections;
using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin.Hooks;

/// <summary>The environment of a hook.</summary>
internal static class HookEnvironment
{
    /// <summary>What MediaMTX tells a hook about its stream. The query is escaped as a whole; of a stream without a source nothing is said of one.</summary>
    public static IReadOnlyDictionary<string, string> Of(MediaPath path, IPathUser? source, string query, string rtspPort)
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal)
        {
            ["MTX_PATH"] = path.Name,
            ["MTX_QUERY"] = Escape(query),
            ["RTSP_PATH"] = path.Name,
            ["RTSP_PORT"] = rtspPort,
        };
        if (source is not null)
        {
            variables["MTX_SOURCE_TYPE"] = source.Kind;
            variables["MTX_SOURCE_ID"] = source.Id;
        }

        for (int group = 0; group < path.Groups.Count; group++)
        {
            variables[$"G{group + 1}"] = path.Groups[group];
        }

        return variables;
    }

    /// <summary>The environment of this process.</summary>
    public static Dictionary<string, string> Inherited()
    {
        Dictionary<string, string> inherited = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            inherited[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return inherited;
    }

    /// <summary>Finds a program as a shell would.</summary>
    /// <exception cref="FileNotFoundException">It is not on the PATH; the message is Go's, which MediaMTX shows.</exception>
    public static string Locate(string program, string searchPath)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return program;
        }

        return searchPath.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(IsExecutable)
            ?? throw new FileNotFoundException($"exec: \"{program}\": executable file not found in $PATH");
    }

    private static bool IsExecutable(string file) => File.Exists(file) && !OperatingSystem.IsWindows() &&
        (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    // Go's url.QueryEscape: a space becomes a plus sign.
    private static string Escape(string query) => Uri.EscapeDataString(query).Replace("%20", "+", StringComparison.Ordinal);
}
