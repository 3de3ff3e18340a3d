using System.IO.Pipes;

namespace Streams.Grains.Machine;

/// <summary>A child of this silo that leads its own process group, and what it writes. Disposing closes the pipes, and does not end it.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly AnonymousPipeServerStream _output;
    private readonly AnonymousPipeServerStream _error;

    private ChildProcess(int pid, AnonymousPipeServerStream output, AnonymousPipeServerStream error)
    {
        (Pid, _output, _error) = (pid, output, error);
        Exited = ChildProcesses.WaitFor(pid);
    }

    /// <summary>Its pid, which is also its group's.</summary>
    public int Pid { get; }

    /// <summary>Its exit code, when it has ended; 128 and more is a signal's number.</summary>
    public Task<int> Exited { get; }

    /// <summary>What it writes to its standard output.</summary>
    public Stream Output => _output;

    /// <summary>What it writes to its standard error.</summary>
    public Stream Error => _error;

    /// <summary>Starts it as a child of the calling thread.</summary>
    /// <param name="program">Absolute path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The system refused.</exception>
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
            output?.DisposeLocalCopyOfClientHandle(); // The child's end is the child's alone: its close is the end of the stream.
            error?.DisposeLocalCopyOfClientHandle();
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }
}
