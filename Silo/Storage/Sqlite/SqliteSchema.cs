using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>Opens the database file and migrates its schema, or reports why it cannot be used.</summary>
internal static class SqliteSchema
{
    /// <summary>The version of the schema, in the file's <c>user_version</c>.</summary>
    public const int Version = 3;

    /// <summary>The condition for a stream that may be removed; the partial index has the same expression.</summary>
    public const string Forgettable = "phase = 0 AND live = 0 AND kept = 0 AND stream_id NOT GLOB '*[^A-Za-z0-9_-]*'"; // A damaged id is kept, so that it can be repaired.

    /// <summary>How long a write waits for another process that has the file locked, before it fails.</summary>
    private const int BusySeconds = 1;

    /// <summary>With less free space the disk counts as full.</summary>
    private const long MinFreeBytes = 256 * 1024;

    /// <summary>The largest file that is checked in full at the start. A larger one is checked later (<see cref="FileHealth"/>), so that the start need not wait.</summary>
    private const long MaxBytesAtStart = 128L * 1024 * 1024;

    private const string Tables = """
        CREATE TABLE streams (
            number INTEGER PRIMARY KEY, stream_id TEXT NOT NULL, version INTEGER NOT NULL, phase INTEGER NOT NULL, since INTEGER NOT NULL, generation INTEGER NOT NULL,
            live INTEGER NOT NULL, kept INTEGER NOT NULL, profile TEXT, state TEXT NOT NULL, checksum INTEGER NOT NULL, node TEXT);
        CREATE UNIQUE INDEX streams_by_id ON streams (stream_id);
        CREATE INDEX streams_by_phase ON streams (phase, stream_id);
        CREATE INDEX streams_by_since ON streams (since, stream_id);
        CREATE INDEX streams_by_generation ON streams (generation, stream_id);
        CREATE INDEX streams_active ON streams (stream_id) WHERE (live OR phase <> 0);
        CREATE INDEX streams_forgettable ON streams (since, stream_id) WHERE phase = 0 AND live = 0 AND kept = 0;
        CREATE TABLE history (
            stream_id TEXT NOT NULL, number INTEGER NOT NULL, kind INTEGER NOT NULL, at INTEGER NOT NULL, entry TEXT NOT NULL, checksum INTEGER NOT NULL,
            PRIMARY KEY (stream_id, number)) WITHOUT ROWID;
        CREATE VIRTUAL TABLE stream_search USING fts5 (stream_id, tokenize = 'trigram', content = 'streams', content_rowid = 'number', columnsize = 0);
        CREATE TABLE stream_counts (phase INTEGER PRIMARY KEY, streams INTEGER NOT NULL);
        CREATE TRIGGER streams_inserted AFTER INSERT ON streams BEGIN
            INSERT INTO stream_search (rowid, stream_id) VALUES (NEW.number, NEW.stream_id);
            INSERT INTO stream_counts VALUES (NEW.phase, 1) ON CONFLICT DO UPDATE SET streams = streams + 1; END;
        CREATE TRIGGER streams_deleted AFTER DELETE ON streams BEGIN
            INSERT INTO stream_search (stream_search, rowid, stream_id) VALUES ('delete', OLD.number, OLD.stream_id);
            UPDATE stream_counts SET streams = streams - 1 WHERE phase = OLD.phase; END;
        CREATE TRIGGER streams_moved AFTER UPDATE OF phase ON streams WHEN OLD.phase <> NEW.phase BEGIN
            UPDATE stream_counts SET streams = streams - 1 WHERE phase = OLD.phase;
            INSERT INTO stream_counts VALUES (NEW.phase, 1) ON CONFLICT DO UPDATE SET streams = streams + 1; END;
        CREATE TRIGGER streams_renamed AFTER UPDATE OF stream_id ON streams WHEN OLD.stream_id <> NEW.stream_id BEGIN
            INSERT INTO stream_search (stream_search, rowid, stream_id) VALUES ('delete', OLD.number, OLD.stream_id);
            INSERT INTO stream_search (rowid, stream_id) VALUES (NEW.number, NEW.stream_id); END;
        CREATE TABLE probe (id INTEGER PRIMARY KEY, number INTEGER NOT NULL);
        """;

    /// <summary>Opens a checked database with the current schema.</summary>
    /// <exception cref="StorageUnusableException">The folder or file cannot be written, or the file is not a database, damaged, or newer than this program.</exception>
    public static SqliteConnection Open(string file, int? maxPages = null)
    {
        SqliteConnection? connection = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            connection = Connect(file, SqliteOpenMode.ReadWriteCreate);
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
                $"The state file {file} cannot be used: {SqliteErrors.Reason(failure)}. Check that its folder exists, is writable and has free space ({DataOptions.Section}:Folder). "
                + "If the file is damaged, restore a backup (make restore FILE=...), or move it and its -wal file away: streams that are live start anew, operators' stops, profiles and the history are lost.",
                failure);
        }
    }

    /// <summary>Opens an existing database read-only.</summary>
    public static SqliteConnection OpenReadOnly(string file) => Connect(file, SqliteOpenMode.ReadOnly);

    /// <summary>Opens an existing file for writing, without checking it.</summary>
    public static SqliteConnection OpenReadWrite(string file) => Connect(file, SqliteOpenMode.ReadWrite);

    /// <summary>What is wrong with the structure of the file, or null.</summary>
    public static string? FindDamage(SqliteConnection connection) => Scalar(connection, "PRAGMA quick_check(1)") is string answer && answer != "ok" ? answer : null;

    /// <summary>Runs a statement.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Returns the first value of a query, or null.</summary>
    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static SqliteConnection Connect(string file, SqliteOpenMode mode)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        connection.Open();
        return connection;
    }

    private static void Prepare(SqliteConnection connection, string file)
    {
        // WAL: a crash of the process loses no commit, and a write does not wait for the disk. The log of an earlier process is checkpointed first, so that
        // the file alone can be checked.
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
        CheckpointLog(connection, file);
        FindTruncation(connection, file);
        if (new FileInfo(file).Length <= MaxBytesAtStart && FindDamage(connection) is { } damage)
        {
            throw new IOException($"it is damaged ({damage})");
        }

        long version = Convert.ToInt64(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version > Version)
        {
            throw new IOException($"{Path.GetFileName(file)} is of version {version}, and this program knows up to {Version}");
        }

        using SqliteTransaction transaction = connection.BeginTransaction();
        if (version < 2)
        {
            Execute(connection, Tables);
            SqliteVersion1.Migrate(connection);
        }
        else if (version < 3)
        {
            Execute(connection, "ALTER TABLE streams ADD COLUMN node TEXT"); // Null: the media server that was the only one.
        }

        // Written at each start, so that a file that cannot be written is noticed now and not by the first stream.
        Execute(connection, $"PRAGMA user_version = {Version};");
        Execute(connection, SqliteStatements.ProbeText);
        transaction.Commit();
    }

    private static void CheckpointLog(SqliteConnection connection, string file)
    {
        if (Convert.ToInt64(Scalar(connection, "PRAGMA wal_checkpoint(TRUNCATE)"), CultureInfo.InvariantCulture) != 0)
        {
            throw new IOException(new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace < MinFreeBytes
                ? "its disk is full; free space, and start again: nothing is lost"
                : "another process uses it; end what uses the file");
        }
    }

    private static void FindTruncation(SqliteConnection connection, string file)
    {
        long pages = Convert.ToInt64(Scalar(connection, "PRAGMA page_count"), CultureInfo.InvariantCulture);
        long size = Convert.ToInt64(Scalar(connection, "PRAGMA page_size"), CultureInfo.InvariantCulture);
        if (new FileInfo(file).Length < pages * size)
        {
            throw new IOException($"it was cut: {new FileInfo(file).Length} bytes are there of {pages * size}");
        }
    }
}
