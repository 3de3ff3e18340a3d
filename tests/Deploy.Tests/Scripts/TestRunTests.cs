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

    [Fact]
    public async Task Workers_of_the_tests_silos_are_marked_as_the_runs_own()
    {
        _tree.Project("Grains", $"echo \"passes on $Streams__Workers__PassEnvironment__0\"; {TestTree.Summary}");

        await using ChildProgram run = _tree.Start("test");

        await run.WaitForEnd();
        Assert.Contains("passes on STREAMS_TEST_RUN", run.Lines);
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
    public async Task A_project_in_which_no_test_ends_is_ended_and_counted_and_the_others_are_run()
    {
        _tree.Project("Hangs", "echo 'passed Some.First (1ms)'; echo '[Long Running Test] Some.Second'; sleep 60; echo too late");
        _tree.Project("Runs", TestTree.Summary);

        await using ChildProgram run = _tree.Start("test", ("STREAMS_TEST_IDLE_SECONDS", "2"));

        Assert.NotEqual(0, await run.WaitForEnd(TimeSpan.FromSeconds(40)));
        Assert.Contains("FAILED Hangs.Tests: no test has ended for 2 s, 1 had before: it is ended", run.Lines);
        Assert.Contains("[Long Running Test] Some.Second", run.Lines);
        Assert.DoesNotContain("too late", run.Lines);
        Assert.Equal("1 passed, 1 failed", run.Lines[^1]);
        Assert.Empty(_tree.ProcessesLeft());
    }

    [Fact]
    public async Task A_project_that_takes_long_is_not_ended_while_its_tests_do()
    {
        _tree.Project("Long", $"for i in 1 2 3 4 5 6; do echo \"passed Some.Test$i (1s)\"; sleep 1; done; {TestTree.Summary}");

        await using ChildProgram run = _tree.Start("test", ("STREAMS_TEST_IDLE_SECONDS", "4"));

        Assert.Equal(0, await run.WaitForEnd(TimeSpan.FromSeconds(60)));
        Assert.Equal("1 passed, 0 failed", run.Lines[^1]);
    }

    [Fact]
    public async Task Of_passed_tests_a_line_is_shown_for_the_end_to_end_tests_only()
    {
        string tell = $"printf '\\033[32mpassed\\033[m One (1ms)\\npassed Another.Test (1ms)\\nfailed A.Third (1ms)\\n  why\\n'; {TestTree.Summary}";
        _tree.Project("Some", tell);

        await using ChildProgram run = _tree.Start("test");

        Assert.Equal(0, await run.WaitForEnd());
        Assert.DoesNotContain("passed Another", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("One", run.Output, StringComparison.Ordinal);
        Assert.Contains("failed A.Third (1ms)", run.Lines);
        Assert.Contains("  why", run.Lines);
        _tree.Project("EndToEnd", tell);

        await using ChildProgram whole = _tree.Start("test", ("ONLY", "EndToEnd"));

        Assert.Equal(0, await whole.WaitForEnd());
        Assert.Contains("passed Another.Test (1ms)", whole.Lines);
    }

    [Fact]
    public async Task What_it_writes_last_is_shown_also_without_the_end_of_its_line()
    {
        _tree.Project("Some", $"{TestTree.Summary}; printf 'the end'");

        await using ChildProgram run = _tree.Start("test");

        Assert.Equal(0, await run.WaitForEnd());
        Assert.Contains("the end", run.Lines);
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
