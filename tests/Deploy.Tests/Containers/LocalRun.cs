using Streams.Deploy.Tests.Scripts;

namespace Streams.Deploy.Tests.Containers;

/// <summary>What <c>deploy/scripts/env.sh</c> hands to the programs of a local run.</summary>
internal static class LocalRun
{
    /// <summary>The variables of one of its lists, <c>SILO_ENV</c> or <c>MEDIAMTX_ENV</c>.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Environment(string list, IReadOnlyDictionary<string, string>? settings = null)
    {
        ScriptRun run = await Run($"printf '%s\\n' \"${{{list}[@]}}\"", settings);
        return run.Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split('=', 2))
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
    }

    /// <summary>The settings themselves, after defaults.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Settings(IEnumerable<string> names)
    {
        ScriptRun run = await Run(string.Concat(names.Select(static name => $"echo \"{name}=${name}\"; ")), null);
        return run.Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split('=', 2))
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
    }

    private static async Task<ScriptRun> Run(string script, IReadOnlyDictionary<string, string>? settings)
    {
        await using RunFolder run = new();
        foreach (string name in RunFolder.Ports.Append("STREAMS_RUN_DIR"))
        {
            run.Environment[name] = null;
        }

        foreach ((string name, string value) in settings ?? new Dictionary<string, string>())
        {
            run.Environment[name] = value;
        }

        ScriptRun result = await run.Bash("env", script);
        // The folder's own end stops only what ran in it.
        run.Environment["STREAMS_RUN_DIR"] = run.Path;
        return result;
    }
}
