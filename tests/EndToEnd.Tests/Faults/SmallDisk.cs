using Streams.Testing;

namespace Streams.EndToEnd.Tests;

/// <summary>A small file system in memory, which can be filled; it is gone after the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>Mounts one; null when that is not allowed here.</summary>
    public static SmallDisk? TryMount(int megabytes)
    {
        string folder = Directory.CreateTempSubdirectory("streams-disk-").FullName;
        (int code, _) = ChildProgram.Run("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder]).GetAwaiter().GetResult();
        if (code == 0)
        {
            return new SmallDisk(folder);
        }

        Directory.Delete(folder);
        return null;
    }

    /// <summary>Leaves no space.</summary>
    public void Fill()
    {
        using FileStream filler = new(Path.Combine(Folder, "filler"), FileMode.Create);
        byte[] page = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(page);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Empty() => File.Delete(Path.Combine(Folder, "filler"));

    /// <summary>Unmounts it.</summary>
    public void Dispose()
    {
        ChildProgram.Run("umount", ["-l", Folder]).GetAwaiter().GetResult();
        Directory.Delete(Folder);
    }
}
