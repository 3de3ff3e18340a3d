using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>Backs up the database, whether a silo is running or not.</summary>
internal static class SqliteBackup
{
    /// <summary>
    /// Writes a backup. The file appears only when it is complete and verified. An existing file is never overwritten: a backup from before a fault
    /// must not be replaced by one from after it.
    /// </summary>
    /// <returns>The result, as a message for the operator.</returns>
    /// <exception cref="StoreCommandException">The backup failed.</exception>
    public static string Write(string database, string file)
    {
        if (!File.Exists(database))
        {
            throw new StoreCommandException($"There is nothing to back up: no {database} ({DataOptions.Section}:Folder).");
        }

        if (Path.Exists(file))
        {
            throw new StoreCommandException($"{file} exists already, and a backup never overwrites a file: choose a new name, for example with the date in it.");
        }

        string part = string.Create(CultureInfo.InvariantCulture, $"{file}.{Environment.ProcessId}.part");
        try
        {
            SqliteCopy copy = SqliteCopy.Make(database, part);
            long bytes = new FileInfo(part).Length;
            File.Move(part, file, overwrite: false);
            string done = string.Create(CultureInfo.InvariantCulture, $"Backed up {copy.Streams} streams to {file} ({bytes} bytes).");
            return copy.Damaged.IsEmpty ? done : $"{done}\nWarning: the rows of {copy.Damaged.Length} of them are damaged, and this backup cannot be restored with them: {copy.DamagedText}. "
                + "Drop each with DELETE /v1/streams/{id}, and make another backup (docs/store.md, A damaged row).";
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            SqliteCopy.Remove(part);
            string reason = failure is SqliteException { SqliteErrorCode: SqliteErrors.Full } ? "the disk is full" : SqliteErrors.Reason(failure);
            throw new StoreCommandException($"No backup of {database} was written to {file}: {reason}. Nothing is left of it, and the store is as it was.", failure);
        }
    }
}
