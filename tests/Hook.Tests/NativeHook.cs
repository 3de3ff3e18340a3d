using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Streams.Hook.Tests;
using Streams.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(NativeHook))]

namespace Streams.Hook.Tests;

/// <summary>
/// The published executable: the one that <c>MTX_HOOK_BIN</c> names, else one that is published here, once a run. Where the
/// machine cannot compile natively, tests that need it are skipped and say so.
/// </summary>
public sealed class NativeHook
{
    private readonly Lazy<Task<string>> _executable = new(Find);

    /// <summary>Where it is.</summary>
    public Task<string> Executable => _executable.Value;

    /// <summary>The command, with no variable of the hook but these.</summary>
    public async Task<Command> Command(Dictionary<string, string?> variables, params string[] arguments) =>
        Cli.Wrap(await Executable)
            .WithArguments(arguments)
            .WithEnvironmentVariables(Only(variables))
            .WithValidation(CommandResultValidation.None);

    /// <summary>Runs it to its end.</summary>
    public async Task<HookRun> Run(Dictionary<string, string?> variables, params string[] arguments)
    {
        BufferedCommandResult result = await (await Command(variables, arguments)).ExecuteBufferedAsync(Encoding.UTF8);
        return new HookRun(result.ExitCode, result.StandardOutput, result.StandardError, result.RunTime);
    }

    // A null removes what the test's own environment has.
    private static Dictionary<string, string?> Only(Dictionary<string, string?> variables) =>
        HookVariables.All.Union(variables.Keys).ToDictionary(name => name, variables.GetValueOrDefault);

    private static async Task<string> Find()
    {
        bool isGiven = Environment.GetEnvironmentVariable("MTX_HOOK_BIN") is { Length: > 0 };
        if (!isGiven && !OperatingSystem.IsWindows() && ChildProgram.Find("clang") is null && ChildProgram.Find("gcc") is null)
        {
            Assert.Skip("no clang or gcc to link mtx-hook natively, and no MTX_HOOK_BIN");
        }

        return await PublishedHook.Executable();
    }
}
