using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>Which projects make test runs, and with what.</summary>
public sealed class TestRunTests : IDisposable
{
    private readonly TestTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task Only_the_end_to_end_tests_start_the_silo_that_is_counted()
    {
        string tell = $"echo \"$(basename \"$0\") starts ${{STREAMS_SILO_BIN:-its own}}\"; {TestTree.Summary}";
        _tree.Project("EndToEnd", tell);
        _tree.Project("Page", tell);

        await using ChildProgram run = _tree.Start("test", ("COVERAGE", "1"));

        await run.WaitForEnd();
        Assert.Contains("Page starts its own", run.Lines);
        Assert.Contains($"EndToEnd starts {_tree.PathOf(".run/coverage/test/silo/Streams.Silo")}", run.Lines);
    }
}
