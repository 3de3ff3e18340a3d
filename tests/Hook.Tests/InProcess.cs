using System.Diagnostics;
using System.Text;
using Streams.Hooks;

namespace Streams.Hook.Tests;

/// <summary>The contracts, asked of the hook's code in this process: this is what coverage counts.</summary>
public static class InProcess
{
    /// <summary>Runs the command with an environment and streams of its own.</summary>
    public static async Task<HookRun> Run(Dictionary<string, string?> variables, string[] arguments)
    {
        using MemoryStream output = new();
        using MemoryStream errors = new();
        long start = Stopwatch.GetTimestamp();
        int exitCode = await new HookCommand(variables.GetValueOrDefault, TimeProvider.System).RunAsync(arguments, output, errors);
        return new HookRun(exitCode, Text(output), Text(errors), Stopwatch.GetElapsedTime(start));
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());
}
