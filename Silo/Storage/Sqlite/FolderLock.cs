using System.Globalization;
using System.Text.Json;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// The data folder belongs to one silo for as long as its process lives: the system lets go of the lock when the process ends, however it
/// ends. Two silos on one folder would both believe that the other's workers are lost, and start their own.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string ForSilo = $"Stop that one first, or give this one a folder of its own ({DataOptions.Section}:Folder).";

    private readonly FileStream _lock;

    private FolderLock(FileStream held) => _lock = held;

    /// <summary>Takes the folder, which is made when missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="remedy">What to do when another process has it.</param>
    /// <exception cref="StorageUnusableException">Another process has it, which is named, or it cannot be written.</exception>
    public static FolderLock Take(string folder, TimeProvider time, string remedy = ForSilo)
    {
        string path = Path.Combine(folder, "streams.lock");
        string holder = Path.Combine(folder, "streams.holder");
        try
        {
            Directory.CreateDirectory(folder);
            FileStream held;
            try
            {
                held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException failure) when (File.Exists(path) && failure.GetType() == typeof(IOException))
            {
                throw new StorageUnusableException(
                    $"The data folder {folder} is used by another silo: {Describe(holder)}. One folder belongs to one silo, since two would run every worker twice. "
                    + remedy,
                    failure);
            }

            File.WriteAllText(holder, JsonSerializer.Serialize(new Holder(Environment.ProcessId, Environment.MachineName, time.GetUtcNow())));
            return new FolderLock(held);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnusableException(
                $"The data folder {folder} cannot be used: {failure.Message}. Check that it can be made and written, and that its disk has free space ({DataOptions.Section}:Folder).", failure);
        }
    }

    public void Dispose() => _lock.Dispose();

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
