using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Streams.Grains.Handles;

namespace Streams.Grains.Workers;

/// <summary>
/// Starts every worker on one thread that lives as long as the silo. Linux sends a child's death signal when the *thread* that
/// forked it ends, so a worker started from a pool thread would die with that thread.
/// </summary>
internal sealed class ProcessLauncher : IDisposable
{
    private static readonly TimeSpan TrialLimit = TimeSpan.FromSeconds(5);

    private readonly BlockingCollection<Action> _starts = [];
    private readonly Thread _thread;
    private readonly string[] _wrapper = FindWrapper();

    public ProcessLauncher()
    {
        _thread = new Thread(StartAll) { IsBackground = true, Name = "worker launcher" };
        _thread.Start();
    }

    /// <summary>Whether a worker dies with this silo even if the silo is killed, and has a process group of its own.</summary>
    public bool IsAirtight => _wrapper.Length > 0;

    /// <summary>Starts a process with its three pipes redirected.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system refused.</exception>
    public Task<Process> Start(WorkerCommand command, string runMarker)
    {
        TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ProcessStartInfo info = Describe(command, runMarker);
        _starts.Add(() =>
        {
            try
            {
                FileHandles.LeaveEnough();
                started.SetResult(Process.Start(info)!);
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

    private ProcessStartInfo Describe(WorkerCommand command, string runMarker)
    {
        string[] whole = [.. _wrapper, command.Program, .. command.Arguments];
        ProcessStartInfo info = new(whole[0], whole[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,

            // Nothing is written to it; the encoding decides how large a buffer is kept for that as long as the worker lives.
            StandardInputEncoding = Encoding.Latin1,
        };
        info.Environment.Clear();
        foreach ((string name, string value) in command.Environment)
        {
            info.Environment[name] = value;
        }

        info.Environment[RunMarker.Variable] = runMarker;
        return info;
    }

    /// <summary>
    /// <c>env</c> gives the worker the default signals back (a silo that a script started in the background ignores SIGINT, and its
    /// children would too), <c>setsid</c> makes it leader of its own group without a further fork, and <c>setpriv</c> has the kernel
    /// kill it when the launching thread ends. Each then becomes the next, so the pid stays the same.
    /// </summary>
    private static string[] FindWrapper()
    {
        if (ProgramFinder.Find("setsid") is not { } setsid || ProgramFinder.Find("setpriv") is not { } setpriv)
        {
            return [];
        }

        string[] airtight = [setsid, setpriv, "--pdeathsig", "KILL", "--"];
        string[] whole = ProgramFinder.Find("env") is { } env ? [env, "--default-signal=INT,QUIT,TERM,HUP", .. airtight] : airtight;
        return Works(whole) ? whole : Works(airtight) ? airtight : [];
    }

    /// <summary>Whether this machine's versions know the options: asked once, of a program that does nothing.</summary>
    private static bool Works(string[] wrapper)
    {
        if (ProgramFinder.Find("true") is not { } nothing)
        {
            return false;
        }

        ProcessStartInfo info = new(wrapper[0], [.. wrapper[1..], nothing]) { RedirectStandardError = true };
        using Process trial = Process.Start(info)!;
        using StreamReader complaint = trial.StandardError;
        complaint.ReadToEnd();
        return trial.WaitForExit(TrialLimit) && trial.ExitCode == 0;
    }
}
