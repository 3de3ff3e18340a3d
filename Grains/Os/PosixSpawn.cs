using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Streams.Grains.Os;

/// <summary>
/// The system's <c>posix_spawn</c>: starts a program in its own session and process group, with default signals, empty standard input, and two pipes
/// for its output. To the kernel, the calling thread is the child's parent.
/// </summary>
internal static unsafe partial class PosixSpawn
{
    /// <summary>Larger than any of the system's opaque structures: the largest, glibc's attributes, has 336 bytes.</summary>
    private const int OpaqueSize = 1024;

    private const short SetSignalDefaults = 0x04; // POSIX_SPAWN_SETSIGDEF
    private const short SetSignalMask = 0x08; // POSIX_SPAWN_SETSIGMASK
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>POSIX_SPAWN_SETSID.</summary>
    private static readonly short SetSession = OperatingSystem.IsMacOS() ? (short)0x400 : (short)0x80;

    /// <summary>Starts a program, and returns its pid once it has been executed.</summary>
    /// <param name="program">Its absolute path.</param>
    /// <param name="arguments">Its arguments, without its name.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <param name="output">Receives its standard output.</param>
    /// <param name="error">Receives its standard error.</param>
    /// <exception cref="Win32Exception">The system refused to start it.</exception>
    public static int Start(string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, SafeHandle output, SafeHandle error)
    {
        using TextList words = new(arguments.Prepend(program));
        using TextList variables = new(environment.Select(static variable => $"{variable.Key}={variable.Value}"));
        byte* attributes = stackalloc byte[OpaqueSize];
        byte* actions = stackalloc byte[OpaqueSize];
        byte* signals = stackalloc byte[OpaqueSize];
        Check(InitAttributes(attributes));
        try
        {
            Check(InitActions(actions));
            try
            {
                _ = EmptySet(signals);
                Check(SetMask(attributes, signals));
                _ = FillSet(signals);
                Check(SetDefaults(attributes, signals));
                Check(SetFlags(attributes, (short)(SetSession | SetSignalDefaults | SetSignalMask)));
                Check(Open(actions, StandardInput, "/dev/null", 0, 0));
                Check(Duplicate(actions, (int)output.DangerousGetHandle(), StandardOutput));
                Check(Duplicate(actions, (int)error.DangerousGetHandle(), StandardError));
                Check(Spawn(out int pid, program, actions, attributes, words.Pointer, variables.Pointer));
                return pid;
            }
            finally
            {
                _ = DestroyActions(actions);
            }
        }
        finally
        {
            _ = DestroyAttributes(attributes);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int pid, string program, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(byte* actions, int number, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int Duplicate(byte* actions, int number, int copy);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySet(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int FillSet(byte* signals);

    /// <summary>A C string array: pointers to UTF-8 texts, terminated by a null pointer.</summary>
    private sealed class TextList : IDisposable
    {
        private readonly nint[] _texts;

        public TextList(IEnumerable<string> texts)
        {
            _texts = [.. texts.Select(Marshal.StringToCoTaskMemUTF8)];
            Pointer = (byte**)NativeMemory.Alloc((nuint)(_texts.Length + 1), (nuint)sizeof(byte*));
            for (int i = 0; i < _texts.Length; i++)
            {
                Pointer[i] = (byte*)_texts[i];
            }

            Pointer[_texts.Length] = null;
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            NativeMemory.Free(Pointer);
            Array.ForEach(_texts, Marshal.FreeCoTaskMem);
        }
    }
}
