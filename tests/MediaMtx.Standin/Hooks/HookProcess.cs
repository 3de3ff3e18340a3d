using System.ComponentModel;

namespace MediaMtx.Standin.Hooks;

/// <summary>One run of a hook, on a thread of its own that ends when the child has been reaped.</summary>
internal sealed class HookProcess
{
    private const int StackSize = 256 * 1024;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pid;
    private bool _stopped;

    private HookProcess()
    {
    }

    /// <summary>Completes when the process is gone, or could not be started.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Starts a hook. It returns at once; the start itself happens on the hook's thread.</summary>
    /// <param name="command">The command of the configuration.</param>
    /// <param name="variables">What MediaMTX adds to its own environment.</param>
    /// <param name="failed">Told why the command could not be started.</param>
    public static HookProcess Start(string command, IReadOnlyDictionary<string, string> variables, Action<string> failed)
    {
        HookProcess hook = new();
        new Thread(() => hook.Run(command, variables, failed), StackSize) { IsBackground = true, Name = "hook" }.Start();
        return hook;
    }

    /// <summary>Sends SIGINT to the hook and whatever it started, if it still runs, or as soon as it does.</summary>
    public void Interrupt() => Signal(ChildProcess.SigInt);

    /// <summary>As <see cref="Interrupt"/>, with SIGKILL.</summary>
    public void Kill() => Signal(ChildProcess.SigKill);

    private void Signal(int signal)
    {
        lock (_gate)
        {
            _stopped = true;
            if (_pid > 0)
            {
                ChildProcess.SignalGroup(_pid, signal);
            }
        }
    }

    private void Run(string command, IReadOnlyDictionary<string, string> variables, Action<string> failed)
    {
        try
        {
            int pid = Spawn(command, variables);
            if (pid > 0)
            {
                ChildProcess.Wait(pid);
            }
        }
        catch (Exception error) when (error is Win32Exception or FormatException or FileNotFoundException)
        {
            failed(error.Message);
        }
        finally
        {
            lock (_gate)
            {
                _pid = 0;
            }

            _ended.SetResult();
        }
    }

    private int Spawn(string command, IReadOnlyDictionary<string, string> variables)
    {
        Dictionary<string, string> environment = HookEnvironment.Inherited();
        foreach ((string name, string value) in variables)
        {
            environment[name] = value;
        }

        IReadOnlyList<string> words = HookCommandLine.Split(command, name => environment.GetValueOrDefault(name, ""));
        if (words.Count == 0)
        {
            throw new FormatException("empty command");
        }

        string program = HookEnvironment.Locate(words[0], environment.GetValueOrDefault("PATH", ""));

        // A ready-hook whose stream ends at once is not interrupted before it starts: MediaMTX too starts it first.
        int pid = ChildProcess.Start(program, words, environment);
        lock (_gate)
        {
            _pid = pid;
            if (_stopped)
            {
                ChildProcess.SignalGroup(pid, ChildProcess.SigInt);
            }
        }

        return pid;
    }
}
