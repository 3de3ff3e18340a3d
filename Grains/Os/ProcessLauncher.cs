using System.Collections.Concurrent;
using System.Diagnostics;

namespace Streams.Grains.Os;

/// <summary>
/// Starts every worker on one thread that lives as long as the silo. Linux sends the parent-death signal when the *thread* that started the
/// child ends, so a worker started from a pool thread would die with that thread.
/// </summary>
internal sealed class ProcessLauncher : IDisposable
{
    private static readonly TimeSpan TrialTimeout = TimeSpan.FromSeconds(5);

    private readonly BlockingCollection<Action> _starts = [];
    private readonly Thread _thread;
    private readonly string[] _wrapper = FindWrapper();

    public ProcessLauncher()
    {
        _thread = new Thread(StartAll) { IsBackground = true, Name = "worker launcher" };
        _thread.Start();
    }

    /// <summary>Whether workers die with this silo even if the silo is killed.</summary>
    public bool IsAirtight => _wrapper.Length > 0;

    /// <summary>Starts a process that leads its own group.</summary>
    /// <param name="program">Absolute path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The system refused to start it.</exception>
    public Task<ChildProcess> Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        TaskCompletionSource<ChildProcess> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] command = [.. _wrapper, program, .. arguments];
        _starts.Add(() =>
        {
            try
            {
                FileHandles.ThrowIfShort();
                started.SetResult(ChildProcess.Start(command[0], command.Skip(1), environment));
            }
            catch (Exception refused)
            {
                started.SetException(refused);
            }
        });
        return started.Task;
    }

    public void Dispose() => _starts.CompleteAdding();

    private void StartAll()
    {
        foreach (Action start in _starts.GetConsumingEnumerable())
        {
            start();
        }
    }

    /// <summary>
    /// The command that runs before the program, or none. <c>setpriv</c> asks the kernel to kill the process when the launching thread ends, and then
    /// executes the program, so the pid stays the same.
    /// </summary>
    private static string[] FindWrapper()
    {
        if (ProgramFinder.Find("setpriv") is not { } setpriv || ProgramFinder.Find("true") is not { } nothing)
        {
            return [];
        }

        string[] wrapper = [setpriv, "--pdeathsig", "KILL", "--"];
        ProcessStartInfo info = new(setpriv, [.. wrapper[1..], nothing]) { RedirectStandardError = true };
        using Process trial = Process.Start(info)!;
        using StreamReader complaint = trial.StandardError;
        complaint.ReadToEnd();
        return trial.WaitForExit(TrialTimeout) && trial.ExitCode == 0 ? wrapper : []; // Not every version has the option.
    }
}
