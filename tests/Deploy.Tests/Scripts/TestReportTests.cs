using System.Text.Json;
using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>How make test counts what the test executables report.</summary>
public sealed class TestReportTests : IAsyncLifetime
{
    private const string Green = """
        Test run summary: Passed! - /x/Some.Tests.dll (net10.0|x64)
          total: 12
          failed: 0
          succeeded: 10
          skipped: 2
          duration: 1s 182ms
        """;

    private readonly RunFolder _run = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task Passed_failed_and_skipped_are_taken_from_the_summary() => Assert.Equal("10 0 2", await Count(Green, 0));

    [Fact]
    public async Task Colours_do_not_hide_the_summary() =>
        Assert.Equal("10 0 2", await Count(Green.Replace("  succeeded", "\e[32m  succeeded", StringComparison.Ordinal).Replace("Test run", "\n\e[32mTest run", StringComparison.Ordinal), 0));

    [Fact]
    public async Task A_failed_test_counts_once() =>
        Assert.Equal("9 1 2", await Count(Green.Replace("failed: 0", "failed: 1", StringComparison.Ordinal).Replace("succeeded: 10", "succeeded: 9", StringComparison.Ordinal), 2));

    [Fact]
    public async Task A_program_without_a_summary_is_a_failure() => Assert.Equal("0 1 0", await Count("Unhandled exception\n", 134));

    [Fact]
    public async Task A_summary_that_is_cut_off_is_a_failure() => Assert.Equal("0 1 0", await Count(Green[..Green.IndexOf("  skipped", StringComparison.Ordinal)], 137));

    [Fact]
    public async Task A_program_that_found_no_test_is_a_failure() =>
        Assert.Equal("0 1 0", await Count("Test run summary: Zero tests ran\n  total: 0\n  failed: 0\n  succeeded: 0\n  skipped: 0\n", 8));

    [Fact]
    public async Task A_bad_end_without_a_failed_test_is_a_failure() => Assert.Equal("10 1 2", await Count(Green, 3));

    [Fact]
    public async Task A_test_that_prints_a_summary_of_its_own_does_not_count() =>
        Assert.Equal("10 0 2", await Count("  total: 99\n  failed: 99\n  succeeded: 99\n  skipped: 99\n" + Green, 0));

    [Fact]
    public async Task Failed_tests_are_listed_with_the_first_lines_of_what_they_say()
    {
        string log = Path.Combine(_run.Path, "some.log");
        await File.WriteAllTextAsync(log, "passed A.One (0ms)\n\e[31mfailed\e[m A.Two(kind: Standin) (1s 2ms)\n  Assert.Equal() Failure\n  from here\n\n  not this\npassed A.Three (0ms)\n  nor this\n" + Green, TestContext.Current.CancellationToken);

        ScriptRun run = (await _run.Bash("test-lib", $"list_failed '{log}'")).Succeeded();

        Assert.Equal("failed A.Two(kind: Standin) (1s 2ms)\n  Assert.Equal() Failure\n  from here\n", run.Output);
    }

    [Fact]
    public async Task Coverage_counts_each_line_of_the_folder_once_and_names_the_gaps()
    {
        string report = Path.Combine(_run.Path, "coverage.xml");
        await File.WriteAllTextAsync(report, """
            <coverage lines-covered="2" lines-valid="5">
              <class name="A" filename="work/hooks/mtx-hook/A.cs">
                <methods><method><lines>
                  <line number="1" hits="3" branch="False" />
                </lines></method></methods>
                <lines>
                  <line number="1" hits="3" branch="False" />
                  <line number="2" hits="0" branch="False" />
                </lines>
              </class>
              <class name="B" filename="_/Library/B.cs">
                <lines><line number="7" hits="0" branch="False" /></lines>
              </class>
            </coverage>
            """, TestContext.Current.CancellationToken);

        ScriptRun run = (await _run.Bash("test-lib", $"read_coverage '{report}' hooks/mtx-hook")).Succeeded();

        Assert.Equal("1 2\nhooks/mtx-hook/A.cs:2\n", run.Output);
    }

    [Theory]
    [InlineData(80, 100, "9 passed, 0 failed, 1 skipped", true)]
    [InlineData(79, 100, "9 passed, 0 failed", false)]
    [InlineData(99, 99, "9 passed, 0 failed", false)]
    [InlineData(99, 100, "8 passed, 1 failed", false)]
    [InlineData(99, 100, "0 passed, 0 failed", false)]
    public async Task Coverage_is_met_with_80_percent_overall_all_of_the_hook_and_no_failed_test(int grains, int hook, string counts, bool isMet)
    {
        string summary = Path.Combine(_run.Path, "Summary.json");
        await File.WriteAllTextAsync(summary, $$$"""
            {"summary":{"generatedon":"2026-11-25T15:56:06Z"},"coverage":{"assemblies":[
              {"name":"mtx-hook","coveredlines":{{{hook}}},"coverablelines":100},
              {"name":"Streams.Grains","coveredlines":{{{(grains * 11) - hook}}},"coverablelines":1000}]}}
            """, TestContext.Current.CancellationToken);

        ScriptRun run = (await _run.Bash("test-lib", $"summarize_coverage '{summary}' '{counts}'")).Succeeded();

        JsonElement result = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(isMet, result.GetProperty("isMet").GetBoolean());
        Assert.Equal((grains, hook), (result.GetProperty("lineCoverage").GetInt32(), result.GetProperty("hookCoverage").GetInt32()));
        Assert.Equal(counts.EndsWith("1 skipped", StringComparison.Ordinal) ? 1 : 0, result.GetProperty("skipped").GetInt32());
    }

    private async Task<string> Count(string log, int exitCode)
    {
        string file = Path.Combine(_run.Path, "log");
        await File.WriteAllTextAsync(file, log, TestContext.Current.CancellationToken);
        ScriptRun run = await _run.Bash("lib test-lib", $"PASSED=0 FAILED=0 SKIPPED=0; add_result Some.Tests '{file}' {exitCode}; echo $PASSED $FAILED $SKIPPED");
        return run.Succeeded().Output.Trim();
    }
}
