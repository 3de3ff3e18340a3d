using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>make test and make coverage, when somebody does not want to wait for their end.</summary>
public sealed class InterruptedTestRunTests : IDisposable
{
    private const string Hangs = "echo began; timeout 60 sleep 60";

    private readonly TestTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("test", ChildProgram.Interrupt)]
    [InlineData("test", ChildProgram.Terminate)]
    [InlineData("coverage", ChildProgram.Interrupt)]
    [InlineData("coverage", ChildProgram.Terminate)]
    public async Task It_ends_at_once_with_all_that_it_runs(string script, int signal)
    {
        _tree.Project("EndToEnd", Hangs);
        _tree.Project("Some", Hangs);

        await using ChildProgram run = _tree.Start(script);
        await run.WaitForLine("began");
        Signal(run, signal);

        Assert.Equal(128 + signal, await run.WaitForEnd());
        await Eventually.True(() => _tree.ProcessesLeft().Count == 0, "no process left"); // What was killed is listed until somebody has waited for it.
    }

    [Fact]
    public async Task It_needs_no_look_into_the_environment_of_others()
    {
        _tree.Change("lib", "marked() { :; }");
        _tree.Project("EndToEnd", Hangs);
        _tree.Project("Some", Hangs);

        await using ChildProgram run = _tree.Start("test");
        await run.WaitForLine("began");
        Signal(run, ChildProgram.Interrupt);

        Assert.Equal(130, await run.WaitForEnd());
        await Eventually.True(() => _tree.ProcessesLeft().Count == 0, "no process left"); // What was killed is listed until somebody has waited for it.
    }

    [Fact]
    public async Task A_second_interrupt_does_not_cut_the_end_short()
    {
        string asked = _tree.PathOf("asked");
        _tree.Project("Some", $"trap 'touch {asked}' TERM; echo began; while :; do sleep 1; done");

        await using ChildProgram run = _tree.Start("test");
        await run.WaitForLine("began");
        Signal(run, ChildProgram.Interrupt);
        await Eventually.True(() => File.Exists(asked), "the polite signal to the test program");
        Signal(run, ChildProgram.Interrupt);

        await run.WaitForEnd();
        await Eventually.True(() => _tree.ProcessesLeft().Count == 0, "no process left"); // What was killed is listed until somebody has waited for it.
    }

    /// <summary>As a terminal does for Ctrl-C: to the whole group; others send a signal to one process.</summary>
    private static void Signal(ChildProgram run, int signal) => Processes.Signal(signal == ChildProgram.Interrupt ? -run.Pid : run.Pid, signal);
}
