using System.Text.RegularExpressions;
using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>The scripts as text.</summary>
public sealed partial class LintTests
{
    private static readonly string[] Documented =
        ["setup", "build", "dev", "logs", "ps", "down", "publish", "play", "paths", "metrics", "test", "verify", "coverage", "check", "containers-check", "format", "backup", "restore", "cluster", "cluster-ps", "cluster-down"];

    public static TheoryData<string> Scripts =>
    [
        ".ci/run",
        .. ((string[])["deploy/scripts", "tests/scripts", "tests/FakeWorker"])
            .Select(static folder => Repository.PathOf(folder))
            .Where(Directory.Exists)
            .SelectMany(static folder => Directory.EnumerateFiles(folder, "*.sh"))
            .Select(static file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Shellcheck_has_nothing_to_say(string script)
    {
        if (ChildProgram.Find("shellcheck") is not { } shellcheck)
        {
            Assert.Skip("shellcheck is not installed: make setup-test");
            return;
        }

        (int exitCode, string output) = await ChildProgram.Run(shellcheck, [Repository.PathOf(script)]);
        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_is_either_run_and_strict_or_sourced(string script)
    {
        string file = Repository.PathOf(script);
        string text = File.ReadAllText(file);
        bool isRun = text.StartsWith("#!", StringComparison.Ordinal);
        Assert.Equal(isRun, File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute));
        if (isRun && !script.StartsWith("tests/FakeWorker", StringComparison.Ordinal)) // which goes on after errors on purpose
        {
            Assert.Contains("\nset -euo pipefail\n", text, StringComparison.Ordinal);
        }

        if (!isRun)
        {
            Assert.StartsWith("# shellcheck shell=bash", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Make_lists_every_target_with_a_line_of_meaning()
    {
        string makefile = await File.ReadAllTextAsync(Repository.PathOf("Makefile"), TestContext.Current.CancellationToken);
        string[] targets = [.. TargetLine().Matches(makefile).Select(static match => match.Groups[1].Value)];

        (int exitCode, string output) = await ChildProgram.Run("make", ["-C", Repository.Root, "--no-print-directory"]);

        Assert.Equal(0, exitCode);
        Assert.All(targets, target => Assert.Contains($"  make {target} ", output, StringComparison.Ordinal));
        Assert.Empty(Documented.Except(targets));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/mediamtx.md")]
    [InlineData("docs/quickstart.md")]
    [InlineData("docs/workers.md")]
    [InlineData("docs/api.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/operations.md")]
    [InlineData("docs/reverse-proxy.md")]
    [InlineData("docs/store.md")]
    [InlineData("docs/cluster.md")]
    public async Task Every_make_target_that_a_document_names_exists(string document)
    {
        string makefile = await File.ReadAllTextAsync(Repository.PathOf("Makefile"), TestContext.Current.CancellationToken);
        HashSet<string> targets = [.. TargetLine().Matches(makefile).Select(static match => match.Groups[1].Value)];
        string text = await File.ReadAllTextAsync(Repository.PathOf(document), TestContext.Current.CancellationToken);

        Assert.All(MakeCommand().Matches(text).Select(static match => match.Groups[1].Value), name => Assert.Contains(name, targets));
    }

    [GeneratedRegex(@"^([a-z-]+):(?!=)", RegexOptions.Multiline)]
    private static partial Regex TargetLine();

    [GeneratedRegex(@"(?:`|^ *\$? ?)make ([a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex MakeCommand();
}
