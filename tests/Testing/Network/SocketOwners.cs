using System.Globalization;

namespace Streams.Testing.Network;

/// <summary>Which process has a TCP connection, as Linux tells.</summary>
public static class SocketOwners
{
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>The process that connected from a port; null when none of these has it.</summary>
    /// <param name="localPort">The port that it connected from.</param>
    /// <param name="pids">Which processes are looked at.</param>
    public static int? Find(int localPort, IEnumerable<int> pids)
    {
        string[] sockets = [.. Tables.Where(File.Exists).SelectMany(table => Inodes(table, localPort)).Select(static inode => $"socket:[{inode}]")];
        foreach (int pid in sockets.Length == 0 ? [] : pids)
        {
            if (Handles(pid).Any(sockets.Contains))
            {
                return pid;
            }
        }

        return null;
    }

    private static IEnumerable<string> Inodes(string table, int localPort)
    {
        string end = string.Create(CultureInfo.InvariantCulture, $":{localPort:X4}");
        foreach (string line in File.ReadLines(table).Skip(1))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[1].EndsWith(end, StringComparison.Ordinal) && fields[9] != "0")
            {
                yield return fields[9];
            }
        }
    }

    private static IEnumerable<string> Handles(int pid)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Select(static handle => new FileInfo(handle).LinkTarget ?? "")];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
