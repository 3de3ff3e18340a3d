using System.Globalization;
using System.Text.Json;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// The data folder belongs to one silo for as long as its process lives: the system lets go of the lock when the process ends, however it
/// ends. Two silos on one folder would both believe that the other's workers are lost, and start their own.
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

    private FolderLock(string path, FileStream held, TimeProvider time)
    {
        (_path, _lock, _time) = (path, held, time);
        _identity = FileIdentity.Of(path);
    }

    /// <summary>Takes the folder, which is made when missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="remedy">What to do when another process has it.</param>
    /// <exception cref="StorageUnusableException">Another process has it, which is named, or it cannot be written.</exception>
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

            WriteHolder(holder, time);
            return new FolderLock(path, held, time);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnusableException(
                $"The data folder {folder} cannot be used: {failure.Message}. Check that it can be made and written, and that its disk has free space ({DataOptions.Section}:Folder).", failure);
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>
    /// Looks whether the lock is still the one that is in the folder. A lock that was removed, or a folder that was put in the place of this one,
    /// is taken if nobody has it. For one caller at a time.
    /// </summary>
    /// <returns>Who has the folder now; null while it is this silo's, or nobody's.</returns>
    public string? FindOther()
    {
        if (FileIdentity.Of(_path) is { } now && _identity is { } mine && now.IsSameFile(mine))
        {
            return null;
        }

        string folder = Path.GetDirectoryName(_path)!;
        string holder = Path.Combine(folder, HolderName);
        try
        {
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
            return null; // The folder is away, its disk is full, handles are short: nobody else is known to have it.
        }
    }

    /// <summary>Whether the lock could not be had since another process has it: .NET passes on the error number of flock.</summary>
    private static bool IsHeldByAnother(IOException failure) => failure.HResult == WouldBlock;

    private static void WriteHolder(string file, TimeProvider time) =>
        File.WriteAllText(file, JsonSerializer.Serialize(new Holder(Environment.ProcessId, Environment.MachineName, time.GetUtcNow())));

    private static string Describe(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Holder>(File.ReadAllText(file)) is { } holder
                ? string.Create(CultureInfo.InvariantCulture, $"process {holder.Pid} on host {holder.Host}, started at {holder.StartedAt:u}")
                : "it has not said which";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return "it has not said which";
        }
    }

    private sealed record Holder(int Pid, string Host, DateTimeOffset StartedAt);
}
