using Streams.Testing;
using Streams.Verify.Documents;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>How documented commands are typed.</summary>
public sealed class TerminalTests
{
    private static readonly Dictionary<string, string?> Nothing = [];

    [Fact]
    public async Task The_first_command_that_fails_ends_them_all()
    {
        await using Terminal terminal = Terminal.Type("echo one\nsh -c 'exit 3'\necho two", Nothing);

        Assert.Equal(3, await terminal.ExitCode());
        Assert.Equal("one", terminal.LastLines);
    }

    [Fact]
    public async Task They_run_at_the_repositorys_root_with_the_given_variables_and_without_a_display()
    {
        Dictionary<string, string?> environment = new() { ["SHOWN"] = "a b", ["HOME"] = null };
        await using Terminal terminal = Terminal.Type("test -f Streams.sln\necho \"$SHOWN/${HOME:-none}/${DISPLAY:-none}\"", environment);

        Assert.Equal(0, await terminal.ExitCode());
        Assert.Equal("a b/none/none", terminal.LastLines);
    }

    [Fact]
    public async Task Ctrl_C_ends_what_the_shell_has_started_too()
    {
        await using Terminal terminal = Terminal.Type("sh -c 'echo $$; exec sleep 600'", Nothing);
        int pid = int.Parse(await Eventually.Get(() => terminal.LastLines, static lines => lines.Length > 0, "the pid"), null);

        Assert.False(await terminal.EndsWithin(TimeSpan.Zero));
        Assert.True(await terminal.Interrupt());
        Assert.False(Processes.IsAlive(pid));
    }

    [Fact]
    public async Task What_runs_on_is_gone_when_the_terminal_is()
    {
        Terminal terminal = Terminal.Type("trap '' INT\necho $$\nsleep 600 & wait", Nothing);
        int pid = int.Parse(await Eventually.Get(() => terminal.LastLines, static lines => lines.Length > 0, "the pid"), null);

        await terminal.DisposeAsync();
        await terminal.DisposeAsync();

        Assert.False(Processes.IsAlive(pid));
    }
}
