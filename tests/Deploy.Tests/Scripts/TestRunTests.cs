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

    [Theory]
    [InlineData("Grains Apii", "Apii")]
    [InlineData("Apii", "Apii")]
    [InlineData("Grain*", "Grain*")]
    public async Task A_name_without_a_project_is_refused_before_anything_is_run(string only, string wrong)
    {
        _tree.Project("Grains", $"echo ran; {TestTree.Summary}");

        await using ChildProgram run = _tree.Start("test", ("ONLY", only));

        Assert.NotEqual(0, await run.WaitForEnd());
        Assert.Contains($"error: ONLY: no project of tests is called {wrong}", run.Lines);
        Assert.DoesNotContain("ran", run.Lines);
    }

    [Fact]
    public async Task Tests_of_the_hook_that_leave_no_report_are_a_failure_that_is_counted()
    {
        _tree.Project("Hook", TestTree.Summary);

        await using ChildProgram run = _tree.Start("test");

        Assert.NotEqual(0, await run.WaitForEnd());
        Assert.Contains("FAILED coverage of mtx-hook: nothing was measured", run.Lines);
        Assert.Contains("1 passed, 1 failed", run.Lines);
    }

    [Fact]
    public async Task The_end_to_end_tests_alone_are_shown_as_they_run()
    {
        _tree.Project("EndToEnd", $"echo as it runs; {TestTree.Summary}");

        await using ChildProgram run = _tree.Start("test", ("ONLY", "EndToEnd"));

        Assert.Equal(0, await run.WaitForEnd());
        Assert.DoesNotContain("beside the others", run.Output, StringComparison.Ordinal);
        Assert.Contains("as it runs", run.Lines);
        Assert.Equal("1 passed, 0 failed", run.Lines[^1]);
    }

    [Fact]
    public async Task Projects_that_run_at_once_draw_their_ports_from_halves_of_their_own()
    {
        string tell = $"echo \"$(basename \"$0\"): ${{STREAMS_TEST_PORTS:-none}}\"; {TestTree.Summary}";
        _tree.Project("EndToEnd", tell);
        _tree.Project("Page", tell);

        await using ChildProgram run = _tree.Start("test");

        await run.WaitForEnd();
        Assert.Contains("EndToEnd: beside", run.Lines);
        Assert.Contains("Page: none", run.Lines);
        (int Lowest, int Highest) beside = FreePorts.RangeOf("beside");
        (int Lowest, int Highest) others = FreePorts.RangeOf(null);
        Assert.True(others.Lowest <= others.Highest && others.Highest < beside.Lowest && beside.Lowest <= beside.Highest, $"{others} and {beside} overlap");
    }
}
