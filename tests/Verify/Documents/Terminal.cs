using Streams.Testing;
using Streams.Verify.Measures;

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

    /// <summary>Whether its commands are over.</summary>
    public bool HasEnded => _shell.HasEnded;

    /// <summary>All they wrote.</summary>
    public string Output => _shell.Output;

    /// <summary>What they wrote last.</summary>
    public string LastLines => string.Join('\n', _shell.Lines.TakeLast(ShownLines));

    /// <summary>Types commands.</summary>
    /// <param name="commands">What is typed.</param>
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

    /// <summary>Whether its commands are over within a time.</summary>
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

    /// <summary>The exit code of its last command, once they are over.</summary>
    public Task<int> ExitCode() => _shell.WaitForEnd();

    /// <summary>Ctrl-C.</summary>
    /// <returns>Whether everything ended by it.</returns>
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
