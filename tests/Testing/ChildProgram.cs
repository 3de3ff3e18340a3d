using System.Collections.Concurrent;
using System.Diagnostics;

namespace Streams.Testing;

/// <summary>
/// A program that a test starts: its output is collected line by line, it is signalled and ended by its pid, and it is gone
/// when the test is.
/// </summary>
public sealed class ChildProgram : IAsyncDisposable
{
    /// <summary>Ask to end (Ctrl+C).</summary>
    public const int Interrupt = 2;

    /// <summary>Ask to end.</summary>
    public const int Terminate = 15;

    /// <summary>Stop running without ending, as a hung program does.</summary>
    public const int Freeze = 19;

    /// <summary>Run on after <see cref="Freeze"/>.</summary>
    public const int Thaw = 18;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Task _drained;
    private bool _isDisposed;

    private ChildProgram(Process process)
    {
        _process = process;
        _drained = Task.WhenAll(Drain(process.StandardOutput), Drain(process.StandardError));
    }

    /// <summary>What it wrote so far, standard output and error together.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary><see cref="Lines"/> as one text.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts a program.</summary>
    /// <param name="program">A file, or a name on the PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set on top of this process's own.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static ChildProgram Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        ChildProgram child = new(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
        child._process.StandardInput.Close();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code and all it wrote.</returns>
    /// <exception cref="TimeoutException">It did not end in time; it is killed.</exception>
    public static async Task<(int ExitCode, string Output)> Run(string program, IEnumerable<string> arguments, TimeSpan? patience = null)
    {
        await using ChildProgram child = Start(program, arguments);
        int code = await child.WaitForEnd(patience ?? TimeSpan.FromSeconds(60));
        return (code, child.Output);
    }

    /// <summary>A program's file on the PATH; null when there is none.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Sends a signal to it.</summary>
    public void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            Processes.Signal(_process.Id, signal);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It did not end; the message has its output.</exception>
    public async Task<int> WaitForEnd(TimeSpan? patience = null)
    {
        TimeSpan limit = patience ?? Eventually.Patience;
        using CancellationTokenSource late = new(limit);
        try
        {
            await _process.WaitForExitAsync(late.Token);
            await _drained.WaitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(
                $"Not within {limit.TotalSeconds:0.#} s: the end of {_process.StartInfo.FileName} ({_process.Id}). It wrote:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Waits for a line.</summary>
    /// <param name="part">What the line contains.</param>
    /// <returns>The line.</returns>
    /// <exception cref="TimeoutException">It did not come; the message has what did.</exception>
    public async Task<string> WaitForLine(string part, TimeSpan? patience = null)
    {
        await Eventually.Get(() => Output, output => output.Contains(part, StringComparison.Ordinal), $"a line with '{part}'", patience);
        return _lines.First(line => line.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>Kills it if it still runs, and waits until it is gone; may be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task Drain(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is string line)
        {
            _lines.Enqueue(line);
        }
    }
}
