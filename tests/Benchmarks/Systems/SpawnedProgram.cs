using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Streams.Benchmarks.Systems;

/// <summary>
/// Times a program from start to exit around <c>posix_spawn</c> and <c>waitpid</c>: <c>Process</c> would add 1 to 2 ms of overhead in this process, and
/// so hide the differences between programs.
/// </summary>
internal sealed unsafe class SpawnedProgram
{
    private readonly string _file;
    private readonly string[] _arguments;
    private readonly string[] _environment;

    /// <param name="file">The program's file.</param>
    /// <param name="arguments">Its arguments, without its name.</param>
    /// <param name="environment">All of its variables.</param>
    public SpawnedProgram(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        _file = file;
        _arguments = [file, .. arguments];
        _environment = [.. environment.Select(static pair => $"{pair.Key}={pair.Value}")];
    }

    /// <summary>Runs it once.</summary>
    /// <returns>From just before its start until its exit is known.</returns>
    /// <exception cref="InvalidOperationException">It did not start, or did not exit with 0.</exception>
    public TimeSpan Run()
    {
        byte** arguments = Copy(_arguments);
        byte** environment = Copy(_environment);
        try
        {
            int pid;
            int status = -1;
            long start = Stopwatch.GetTimestamp();
            int error = posix_spawn(&pid, _file, null, null, arguments, environment);
            int ended = error == 0 ? waitpid(pid, &status, 0) : 0;
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            return error == 0 && ended == pid && status == 0
                ? took
                : throw new InvalidOperationException($"{_file} did not run well: error {error}, status {status}.");
        }
        finally
        {
            Free(arguments, _arguments.Length);
            Free(environment, _environment.Length);
        }
    }

    private static byte** Copy(string[] texts)
    {
        byte** copies = (byte**)NativeMemory.AllocZeroed((nuint)texts.Length + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Length; i++)
        {
            copies[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        }

        return copies;
    }

    private static void Free(byte** copies, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Marshal.FreeCoTaskMem((nint)copies[i]);
        }

        NativeMemory.Free(copies);
    }

    [DllImport("libc")]
    private static extern int posix_spawn(int* pid, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, void* actions, void* attributes, byte** arguments, byte** environment);

    [DllImport("libc")]
    private static extern int waitpid(int pid, int* status, int options);
}
