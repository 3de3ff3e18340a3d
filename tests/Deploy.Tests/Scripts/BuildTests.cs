using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>How make build, test and chaos build, with a dotnet that does what a test wants.</summary>
public sealed class BuildTests : IAsyncLifetime
{
    private readonly RunFolder _run = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [InlineData("build")]
    [InlineData("publish")]
    public async Task A_build_that_fails_is_seen_and_leaves_no_stamp(string failing)
    {
        ScriptRun run = await _run.Bash("env lib build-lib", $$"""dotnet() { [ "$1" != {{failing}} ]; }; build_all || { echo refused; exit 3; }""");

        Assert.Equal((3, "refused\n"), (run.ExitCode, run.Output));
        Assert.False(File.Exists(Path.Combine(_run.Path, "build", "silo")));
    }

    [Fact]
    public async Task After_a_build_make_dev_need_not_build_again()
    {
        (await _run.Bash("env lib build-lib", "dotnet() { :; }; build_all")).Succeeded();

        Assert.All((string[])["silo", "stand-in", "hook"], part => Assert.True(File.Exists(Path.Combine(_run.Path, "build", part)), part));
    }
}
