using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace MediaMtx.Standin.Hooks;

/// <summary>
/// A child in a process group of its own, so that a signal reaches whatever it started, as MediaMTX does it. .NET's
/// <see cref="System.Diagnostics.Process"/> cannot put a child into a group, so this is <c>posix_spawn</c>.
/// </summary>
internal static unsafe partial class ChildProcess
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    private const short SetGroup = 0x02;
    private const short SetDefaultSignals = 0x04;
    private const short SetSignalMask = 0x08;
    private const int OpaqueSize = 1024;
    private const int InterruptedCall = 4;

    /// <summary>Starts a program with the standard output and error of this process, and no input.</summary>
    /// <returns>Its pid, which is its group too.</returns>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static int Start(string program, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        byte** argv = ToStrings([.. arguments]);
        byte** envp = ToStrings([.. environment.Select(variable => $"{variable.Key}={variable.Value}")]);
        byte* attributes = (byte*)NativeMemory.AllocZeroed(OpaqueSize);
        byte* actions = (byte*)NativeMemory.AllocZeroed(OpaqueSize);
        byte* signals = (byte*)NativeMemory.AllocZeroed(OpaqueSize);
        try
        {
            Check(posix_spawnattr_init(attributes));
            Check(posix_spawn_file_actions_init(actions));
            Check(posix_spawnattr_setpgroup(attributes, 0));
            _ = sigemptyset(signals);
            Check(posix_spawnattr_setsigmask(attributes, signals));
            _ = sigfillset(signals);
            Check(posix_spawnattr_setsigdefault(attributes, signals));
            Check(posix_spawnattr_setflags(attributes, SetGroup | SetDefaultSignals | SetSignalMask));
            Check(posix_spawn_file_actions_addopen(actions, 0, "/dev/null", 0, 0));
            Check(posix_spawn(out int pid, program, actions, attributes, argv, envp));
            return pid;
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
            NativeMemory.Free(signals);
            NativeMemory.Free(actions);
            NativeMemory.Free(attributes);
            Free(envp);
            Free(argv);
        }
    }

    /// <summary>Blocks until a child has ended, and takes it out of the process table.</summary>
    public static void Wait(int pid)
    {
        while (waitpid(pid, null, 0) < 0 && Marshal.GetLastPInvokeError() == InterruptedCall)
        {
        }
    }

    /// <summary>Sends a signal to a child and all it started. It does not fail when they are gone.</summary>
    public static void SignalGroup(int pid, int signal) => _ = kill(-pid, signal);

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }

    private static byte** ToStrings(string[] texts)
    {
        byte** list = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Length + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Length; i++)
        {
            int size = Encoding.UTF8.GetByteCount(texts[i]);
            list[i] = (byte*)NativeMemory.AllocZeroed((nuint)size + 1);
            Encoding.UTF8.GetBytes(texts[i], new Span<byte>(list[i], size));
        }

        return list;
    }

    private static void Free(byte** list)
    {
        for (byte** at = list; *at is not null; at++)
        {
            NativeMemory.Free(*at);
        }

        NativeMemory.Free(list);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(out int pid, string path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setpgroup(byte* attributes, int group);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* signals);

    [LibraryImport("libc")]
    private static partial int sigfillset(byte* signals);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, int* status, int options);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
