using System.IO.Pipes;

namespace Streams.Grains.Os;

/// <summary>A child process that leads its own process group, with its output pipes. Disposing closes the pipes but does not end the process.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly AnonymousPipeServerStream _output;
    private readonly AnonymousPipeServerStream _error;

    private ChildProcess(int pid, AnonymousPipeServerStream output, AnonymousPipeServerStream error)
    {
        (Pid, _output, _error) = (pid, output, error);
        Exited = ChildProcesses.WaitFor(pid);
    }

    /// <summary>The pid, which is also the process group's id.</summary>
    public int Pid { get; }

    /// <summary>Completes with the exit code when the process has ended; 128 plus the number for a signal.</summary>
    public Task<int> Exited { get; }

    /// <summary>Reads its standard output.</summary>
    public Stream Output => _output;

    /// <summary>Reads its standard error.</summary>
    public Stream Error => _error;

    /// <summary>Starts a process as a child of the calling thread.</summary>
    /// <param name="program">Absolute path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The system refused to start it.</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        ChildProcesses.Prepare();
        AnonymousPipeServerStream? output = null;
        AnonymousPipeServerStream? error = null;
        try
        {
            output = new AnonymousPipeServerStream(PipeDirection.In);
            error = new AnonymousPipeServerStream(PipeDirection.In);
            return new ChildProcess(PosixSpawn.Start(program, arguments, environment, output.ClientSafePipeHandle, error.ClientSafePipeHandle), output, error);
        }
        catch
        {
            output?.Dispose();
            error?.Dispose();
            throw;
        }
        finally
        {
            output?.DisposeLocalCopyOfClientHandle(); // Only the child holds the write end, so that the stream ends when the child closes it.
            error?.DisposeLocalCopyOfClientHandle();
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }
}
