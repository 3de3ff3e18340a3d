namespace Streams.Verify.Documents;

/// <summary>
/// Commands as typed into a terminal of their own: a POSIX shell that ends at the first command that fails, without a display, in a
/// session of its own so that Ctrl-C reaches all of it and nothing else.
/// </summary>
internal sealed class Terminal : IAsyncDisposable
{
    private const string NewSession = "cd \"$1\" && . deploy/scripts/lib.sh && in_new_session sh -e -c \"$2\"";
    private const int ShownLines = 12;
    private static readonly TimeSpan InterruptWithin = TimeSpan.FromSeconds(15);

    private readonly ChildProgram _shell;
    private bool _isDisposed;

    private Terminal(ChildProgram shell) => _shell = shell;

    /// <summary>Whether its commands have ended.</summary>
    public bool HasEnded => _shell.HasEnded;

    /// <summary>Their whole output.</summary>
    public string Output => _shell.Output;

    /// <summary>The last lines of their output.</summary>
    public string LastLines => string.Join('\n', _shell.Lines.TakeLast(ShownLines));

    /// <summary>Runs commands in a new terminal.</summary>
    /// <param name="commands">The commands.</param>
    /// <param name="environment">Variables to set; null takes one away.</param>
    public static Terminal Type(string commands, IReadOnlyDictionary<string, string?> environment)
    {
        string[] variables =
        [
            "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY",
            .. environment.Where(static entry => entry.Value is null).SelectMany(static entry => new[] { "-u", entry.Key }),
            .. environment.Where(static entry => entry.Value is not null).Select(static entry => $"{entry.Key}={entry.Value}"),
        ];
        return new Terminal(ChildProgram.Start("env", [.. variables, "bash", "-c", NewSession, "terminal", Repository.Root, commands]));
    }

    /// <summary>Waits for the end of its commands; false when they run longer.</summary>
    public async Task<bool> EndsWithin(TimeSpan time)
    {
        try
        {
            await _shell.WaitForEnd(time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Waits for the end of its commands, and returns the exit code of the last one.</summary>
    public Task<int> ExitCode() => _shell.WaitForEnd();

    /// <summary>Sends Ctrl-C (SIGINT) to the whole process group.</summary>
    /// <returns>Whether the commands ended.</returns>
    public Task<bool> Interrupt()
    {
        if (!_shell.HasEnded)
        {
            Processes.Signal(-_shell.Pid, ChildProgram.Interrupt);
        }

        return EndsWithin(InterruptWithin);
    }

    /// <summary>Ends what still runs; may be called again.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _isDisposed, true) ? ValueTask.CompletedTask : _shell.DisposeAsync();
}
