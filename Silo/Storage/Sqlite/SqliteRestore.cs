using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>Puts a backup in the place of the database, while no silo uses the folder.</summary>
internal static class SqliteRestore
{
    private static readonly string[] Beside = ["-wal", "-shm", ""]; // The database last: what is left of a broken move is whole.

    /// <summary>
    /// Restores it. A copy is made and looked through first, and the present database is moved aside, never deleted: whatever fails, it is as it was.
    /// </summary>
    /// <returns>What was done, for the operator.</returns>
    /// <exception cref="StoreCommandException">Why it was not.</exception>
    /// <exception cref="StorageUnusableException">A silo has the folder, or it cannot be used.</exception>
    public static string Read(string file, string database, TimeProvider time)
    {
        if (!File.Exists(file))
        {
            throw new StoreCommandException($"There is no file {file} to restore.");
        }

        string folder = Path.GetDirectoryName(database)!;
        using FolderLock held = FolderLock.Acquire(folder, time, "Stop it first (make down): what it has in memory would be written over what is restored.");
        string copy = database + ".restoring";
        try
        {
            SqliteCopy found = Copy(file, copy);
            string? aside = MoveAside(database, time);
            File.Move(copy, database, overwrite: false);
            return string.Create(CultureInfo.InvariantCulture, $"Restored {found.Streams} streams from {file} to {database}.")
                + (aside is null ? "" : $"\nWhat was there is kept as {aside}; remove it when all is well.");
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

    /// <summary>Moves all that there is of the database. A log that stayed would be written into what is restored.</summary>
    /// <returns>Its new name, or null when there is nothing.</returns>
    private static string? MoveAside(string database, TimeProvider time)
    {
        string aside = string.Create(CultureInfo.InvariantCulture, $"{database}.before-restore-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
        List<string> moved = [];
        try
        {
            foreach (string suffix in Beside.Where(suffix => File.Exists(database + suffix)))
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
