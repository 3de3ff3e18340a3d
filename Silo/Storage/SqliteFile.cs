using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage;

/// <summary>Opens the database file, or says why it cannot be used.</summary>
internal static class SqliteFile
{
    private const int SchemaVersion = 1;

    /// <summary>How long a write waits while another process holds the file, before it fails and its stream is told so.</summary>
    private const int BusySeconds = 2;

    /// <summary>An open connection to a checked database with the present schema.</summary>
    /// <exception cref="StorageUnusableException">The folder or file cannot be written, is no database, is damaged, or is of a newer version.</exception>
    public static SqliteConnection Open(string file, int? maxPages = null)
    {
        SqliteConnection? connection = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
            connection.Open();
            Prepare(connection, file);
            if (maxPages is { } most)
            {
                Execute(connection, $"PRAGMA max_page_count = {most}");
            }

            return connection;
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw new StorageUnusableException(
                $"The state file {file} cannot be used: {failure.Message}. Check that its folder exists, is writable and has free space ({DataOptions.Section}:Folder); "
                + "if the file is damaged, move it away: streams that are live start anew, operators' stops and the history are lost.",
                failure);
        }
    }

    private static void Prepare(SqliteConnection connection, string file)
    {
        // WAL: a crash of the process loses nothing that was committed, and a write costs no wait for the disk.
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
        if (Ask(connection, "PRAGMA quick_check(1)") is not "ok")
        {
            throw new IOException("it is damaged");
        }

        long version = Convert.ToInt64(Ask(connection, "PRAGMA user_version"), System.Globalization.CultureInfo.InvariantCulture);
        if (version > SchemaVersion)
        {
            throw new IOException($"{Path.GetFileName(file)} is of version {version}, and this program knows up to {SchemaVersion}");
        }

        // user_version is written each time, so that a file that cannot be written is noticed now and not by the first stream.
        Execute(connection, $"CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, version INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID; PRAGMA user_version = {SchemaVersion};");
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
