using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>Writes a backup of the database while a silo uses it, or while none does.</summary>
internal static class SqliteBackup
{
    /// <summary>
    /// Writes it. The file is there when all of it is written and has been looked through, else not at all. One that is there already is left alone:
    /// the backup before a fault must not be replaced by one after it.
    /// </summary>
    /// <returns>What was done, for the operator.</returns>
    /// <exception cref="StoreCommandException">Why it was not.</exception>
    public static string Write(string database, string file)
    {
        if (!File.Exists(database))
        {
            throw new StoreCommandException($"There is nothing to back up: no {database} ({DataOptions.Section}:Folder).");
        }

        if (Path.Exists(file))
        {
            throw new StoreCommandException($"{file} exists already, and no backup is written over another: give it a new name, with the date in it for example.");
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
