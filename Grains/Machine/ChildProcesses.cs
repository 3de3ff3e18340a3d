using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Streams.Grains.Machine;

/// <summary>Waits for the children that <see cref="PosixSpawn"/> made: the kernel's word that some child has ended is the time to ask for each.</summary>
internal static partial class ChildProcesses
{
    private const int DoNotHang = 1; // WNOHANG
    private const int Interrupted = 4; // EINTR

    /// <summary>What is told of a child that somebody else has waited for: a silo whose parent made it ignore its children's ends.</summary>
    private const int UnknownExitCode = 255;

    private static readonly ConcurrentDictionary<int, TaskCompletionSource<int>> Living = new();

    // Never disposed: it is for as long as the process.
    private static readonly PosixSignalRegistration Ends = OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : PosixSignalRegistration.Create(PosixSignal.SIGCHLD, static _ => Reap());

    /// <summary>Must have been called before the first child is made, else its end could go unheard.</summary>
    public static void Prepare() => GC.KeepAlive(Ends);

    /// <summary>The exit code of a child, when it has ended; 128 and more is a signal's number, as in a shell. Its pid is free for others from then on.</summary>
    /// <param name="pid">The child; to be asked for once.</param>
    public static Task<int> WaitFor(int pid)
    {
        TaskCompletionSource<int> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Living[pid] = ended;
        ReapOne(pid, ended); // It may have ended before it was known.
        return ended.Task;
    }

    private static void Reap()
    {
        foreach ((int pid, TaskCompletionSource<int> ended) in Living)
        {
            ReapOne(pid, ended);
        }
    }

    /// <summary>One at a time for each child: a second answer would be about whoever has its pid now.</summary>
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
                Living.TryRemove(new(pid, ended)); // Another child may have its pid already.
                ended.SetResult(result == pid ? ExitCodeOf(status) : UnknownExitCode);
            }
        }
    }

    /// <summary>The low seven bits are the signal, the next byte is the exit code.</summary>
    private static int ExitCodeOf(int status) => (status & 0x7F) is > 0 and var signal ? 128 + signal : (status >> 8) & 0xFF;

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int SystemWait(int pid, out int status, int options);
}
