using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>How a script ended.</summary>
/// <param name="ExitCode">0 when it did what it was asked.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
/// <param name="Took">Its run time.</param>
public sealed record ScriptRun(int ExitCode, string Output, string Error, TimeSpan Took)
{
    /// <summary>Both streams, for failure messages.</summary>
    public override string ToString() => $"exit code {ExitCode} after {Took.TotalSeconds:0.0} s\n{Output}\n{Error}";

    /// <summary>Asserts that it did what it was asked.</summary>
    public ScriptRun Succeeded()
    {
        Assert.True(ExitCode == 0, ToString());
        return this;
    }

    /// <summary>Asserts that it refused.</summary>
    public ScriptRun Failed()
    {
        Assert.True(ExitCode != 0, ToString());
        return this;
    }
}
