using System.Text.Json;
using Xunit;

namespace Streams.Hook.Tests;

/// <summary>What a run of the hook left behind.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
/// <param name="Duration">Start to exit.</param>
public sealed record HookRun(int ExitCode, string Output, string Errors, TimeSpan Duration)
{
    /// <summary>A taken event is silent.</summary>
    public void ShouldBeSilentSuccess() => Assert.Equal((0, "", ""), (ExitCode, Output, Errors));

    /// <summary>A failure has its exit code, nothing on standard output, and exactly one line of JSON on standard error.</summary>
    public JsonElement ShouldFailWith(int exitCode)
    {
        Assert.Equal("", Output);
        Assert.EndsWith("\n", Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Errors[..^1], character => character is < ' ' or > '~');
        Assert.InRange(Errors.Length, 1, 4096);
        JsonElement line = JsonDocument.Parse(Errors).RootElement;
        Assert.Equal(exitCode, ExitCode);
        Assert.Equal(exitCode, line.GetProperty("exitCode").GetInt32());
        Assert.Equal("ERR", line.GetProperty("level").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line.GetProperty("timestamp").GetString());
        return line;
    }
}
