using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>Replaces the database with a backup, while no silo uses the folder.</summary>
internal static class SqliteRestore
{
    private static readonly string[] Suffixes = ["-wal", "-shm", ""]; // The database last: an interrupted move leaves it in place.

    /// <summary>
    /// Restores a backup. It is first copied and verified; the current database is moved aside, never deleted. If anything fails, the database is left as
    /// it was.
    /// </summary>
    /// <returns>The result, as a message for the operator.</returns>
    /// <exception cref="StoreCommandException">The restore failed.</exception>
    /// <exception cref="StorageUnusableException">A silo uses the folder, or the folder cannot be used.</exception>
    public static string Read(string file, string database, TimeProvider time)
    {
        if (!File.Exists(file))
        {
            throw new StoreCommandException($"There is no file {file} to restore.");
        }

        string folder = Path.GetDirectoryName(database)!;
        using FolderLock held = FolderLock.Acquire(folder, time, "Stop it first (make down), or it would overwrite what is restored.");
        string copy = database + ".restoring";
        try
        {
            SqliteCopy found = Copy(file, copy);
            string? aside = MoveAside(database, time);
            File.Move(copy, database, overwrite: false);
            return string.Create(CultureInfo.InvariantCulture, $"Restored {found.Streams} streams from {file} to {database}.")
                + (aside is null ? "" : $"\nThe former database is kept as {aside}; remove it when you no longer need it.");
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            string reason = failure is SqliteException { SqliteErrorCode: SqliteErrors.Full } ? $"the disk of {folder} is full" : SqliteErrors.Reason(failure);
            throw new StoreCommandException($"{file} was not restored: {reason}. The store is as it was.", failure);
        }
        finally
        {
            SqliteCopy.Remove(copy);
        }
    }

    private static SqliteCopy Copy(string file, string copy)
    {
        SqliteCopy found;
        try
        {
            found = SqliteCopy.Make(file, copy);
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode is SqliteErrors.NoDatabase or SqliteErrors.Corrupt)
        {
            throw new IOException(failure.SqliteErrorCode == SqliteErrors.NoDatabase ? "it is no database" : "it is damaged", failure);
        }

        return found.Damaged.IsEmpty ? found : throw new IOException(
            $"the rows of {found.Damaged.Length} of its {found.Streams} streams are damaged: {found.DamagedText}. Take another backup; or remove those rows, and with them those streams, "
            + "from a copy of this one (docs/store.md, A damaged row)");
    }

    /// <summary>Moves the database and its log aside. A log that stayed would be applied to the restored database.</summary>
    /// <returns>The new name, or null when there was no database.</returns>
    private static string? MoveAside(string database, TimeProvider time)
    {
        string aside = string.Create(CultureInfo.InvariantCulture, $"{database}.before-restore-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
        List<string> moved = [];
        try
        {
            foreach (string suffix in Suffixes.Where(suffix => File.Exists(database + suffix)))
            {
                File.Move(database + suffix, aside + suffix, overwrite: false);
                moved.Add(suffix);
            }

            return moved.Count > 0 ? aside : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            foreach (string suffix in moved)
            {
                File.Move(aside + suffix, database + suffix, overwrite: false);
            }

            throw;
        }
    }
}
