using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Streams.Grains.Os;

/// <summary>Reaps the children started by <see cref="PosixSpawn"/>. SIGCHLD only says that some child has ended, so each is then checked with waitpid.</summary>
internal static partial class ChildProcesses
{
    private const int DoNotHang = 1; // WNOHANG
    private const int Interrupted = 4; // EINTR

    /// <summary>The exit code reported for a child that something else has reaped, as when the silo's parent made it ignore SIGCHLD.</summary>
    private const int UnknownExitCode = 255;

    private static readonly ConcurrentDictionary<int, TaskCompletionSource<int>> Living = new();

    // Never disposed: it is needed until the process ends.
    private static readonly PosixSignalRegistration Ends = OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : PosixSignalRegistration.Create(PosixSignal.SIGCHLD, static _ => Reap());

    /// <summary>Registers for SIGCHLD. Must be called before the first child is started, or its end may be missed.</summary>
    public static void Prepare() => GC.KeepAlive(Ends);

    /// <summary>
    /// Completes with the exit code of a child when it has ended; 128 plus the number for a signal, as in a shell. From then on the system may reuse
    /// the pid.
    /// </summary>
    /// <param name="pid">The child. Call this once for each child.</param>
    public static Task<int> WaitFor(int pid)
    {
        TaskCompletionSource<int> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Living[pid] = ended;
        ReapOne(pid, ended); // It may have ended before it was registered.
        return ended.Task;
    }

    private static void Reap()
    {
        foreach ((int pid, TaskCompletionSource<int> ended) in Living)
        {
            ReapOne(pid, ended);
        }
    }

    /// <summary>Reaps a child if it has ended. Locked for each child: a second waitpid could be about a new process with the same pid.</summary>
    private static void ReapOne(int pid, TaskCompletionSource<int> ended)
    {
        lock (ended)
        {
            if (ended.Task.IsCompleted)
            {
                return;
            }

            int result;
            int status;
            while ((result = SystemWait(pid, out status, DoNotHang)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
            }

            if (result != 0)
            {
                Living.TryRemove(new(pid, ended)); // A new child may have the same pid already.
                ended.SetResult(result == pid ? ExitCodeOf(status) : UnknownExitCode);
            }
        }
    }

    /// <summary>Decodes a wait status: the low seven bits are the signal, the next byte is the exit code.</summary>
    private static int ExitCodeOf(int status) => (status & 0x7F) is > 0 and var signal ? 128 + signal : (status >> 8) & 0xFF;

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int SystemWait(int pid, out int status, int options);
}
