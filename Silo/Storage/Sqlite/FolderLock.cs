using System.Globalization;
using System.Text.Json;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// An exclusive lock on the data folder, which a silo holds until its process ends, however it ends. Two silos on one folder would each take the
/// other's workers for lost, and start their own.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string HolderName = "streams.holder";
    private const string ForSilo = $"Stop that one first, or give this one a folder of its own ({DataOptions.Section}:Folder).";

    private const int WouldBlock = 11;

    private readonly string _path;
    private readonly TimeProvider _time;
    private FileStream _lock;
    private FileIdentity? _identity;

    private FolderLock(string path, FileStream held, TimeProvider time, DateTimeOffset? formerlyHeldAt)
    {
        (_path, _lock, _time, FormerlyHeldAt) = (path, held, time, formerlyHeldAt);
        _identity = FileIdentity.Of(path);
    }

    /// <summary>When its former holder last checked that it held it; null when there was none.</summary>
    public DateTimeOffset? FormerlyHeldAt { get; }

    /// <summary>Locks the folder, which is created when missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="remedy">What to do when another process holds the lock.</param>
    /// <exception cref="StorageUnusableException">Another process, which is named, holds the lock, or the folder cannot be written.</exception>
    public static FolderLock Acquire(string folder, TimeProvider time, string remedy = ForSilo)
    {
        string path = Path.Combine(folder, "streams.lock");
        string holder = Path.Combine(folder, HolderName);
        try
        {
            Directory.CreateDirectory(folder);
            FileStream held;
            try
            {
                held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException failure) when (IsHeldByAnother(failure))
            {
                throw new StorageUnusableException(
                    $"The data folder {folder} is used by another silo: {Describe(holder)}. One folder belongs to one silo, since two would run every worker twice. "
                    + remedy,
                    failure);
            }

            DateTimeOffset? formerlyHeldAt = File.Exists(holder) ? File.GetLastWriteTimeUtc(holder) : null;
            WriteHolder(holder, time);
            return new FolderLock(path, held, time, formerlyHeldAt);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnusableException(
                $"The data folder {folder} cannot be used: {failure.Message}. Check that it can be created and written, and that its disk has free space ({DataOptions.Section}:Folder).", failure);
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>
    /// Checks that the held lock file is still the one in the folder. If it was removed, or the folder replaced, the lock is acquired again unless
    /// another silo has it. Leaves the time of the check for the next holder. Not thread-safe.
    /// </summary>
    /// <returns>The other silo that has the folder now, as a message; null while there is none.</returns>
    public string? FindOther()
    {
        string folder = Path.GetDirectoryName(_path)!;
        string holder = Path.Combine(folder, HolderName);
        try
        {
            if (FileIdentity.Of(_path) is { } now && _identity is { } mine && now.IsSameFile(mine))
            {
                File.SetLastWriteTimeUtc(holder, _time.GetUtcNow().UtcDateTime);
                return null;
            }

            FileStream again = new(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            _lock.Dispose();
            (_lock, _identity) = (again, FileIdentity.Of(_path));
            WriteHolder(holder, _time);
            return null;
        }
        catch (IOException taken) when (IsHeldByAnother(taken))
        {
            return $"The data folder {folder} is used by another silo now: {Describe(holder)}";
        }
        catch (Exception away) when (away is IOException or UnauthorizedAccessException)
        {
            return null; // The folder is missing, its disk is full or handles are short: no other silo is known to have it.
        }
    }

    /// <summary>Whether another process holds the lock: .NET passes on the error number of flock.</summary>
    private static bool IsHeldByAnother(IOException failure) => failure.HResult == WouldBlock;

    private static void WriteHolder(string file, TimeProvider time) =>
        File.WriteAllText(file, JsonSerializer.Serialize(new Holder(Environment.ProcessId, Environment.MachineName, time.GetUtcNow())));

    private static string Describe(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Holder>(File.ReadAllText(file)) is { } holder
                ? string.Create(CultureInfo.InvariantCulture, $"process {holder.Pid} on host {holder.Host}, started at {holder.StartedAt:u}")
                : "its process is not recorded";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return "its process is not recorded";
        }
    }

    private sealed record Holder(int Pid, string Host, DateTimeOffset StartedAt);
}
