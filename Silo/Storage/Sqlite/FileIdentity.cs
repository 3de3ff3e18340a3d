using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>Identity and size of the file at a path, to detect that an open file was replaced or truncated.</summary>
/// <param name="Device">The device; 0 where the system does not report it.</param>
/// <param name="Inode">The inode number; 0 where the system does not report it.</param>
/// <param name="Size">Its length in bytes.</param>
internal readonly partial record struct FileIdentity(long Device, long Inode, long Size)
{
    private const int CurrentFolder = -100;
    private const int NoSuchFile = 2;
    private const int NoSuchFolder = 20;
    private const uint InodeAndSize = 0x100 | 0x200;

    /// <summary>Whether both are the same file.</summary>
    public bool IsSameFile(FileIdentity other) => Device == other.Device && Inode == other.Inode;

    /// <summary>The file at a path, or null when there is none.</summary>
    public static FileIdentity? Of(string path)
    {
        // Linux's statx, whose result has the same layout on every processor.
        Span<byte> answer = stackalloc byte[256];
        try
        {
            int result = StatX(CurrentFolder, path, 0, InodeAndSize, answer);
            if (result != 0 && Marshal.GetLastPInvokeError() is not (NoSuchFile or NoSuchFolder))
            {
                throw new UnauthorizedAccessException($"{path} cannot be accessed; check that the silo's user may enter its folder");
            }

            return result == 0
                ? new FileIdentity(BinaryPrimitives.ReadInt64LittleEndian(answer[136..]), BinaryPrimitives.ReadInt64LittleEndian(answer[32..]), BinaryPrimitives.ReadInt64LittleEndian(answer[40..]))
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            FileInfo file = new(path);
            return file.Exists ? new FileIdentity(0, 0, file.Length) : null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> answer);
}
