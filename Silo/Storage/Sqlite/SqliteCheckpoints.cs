using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// Checkpoints SQLite's log into the database file, on its own connection and thread, so that no save waits for the disk. By default the writer
/// itself would checkpoint every 1,000 pages, and the start of a worker would wait for it.
/// </summary>
internal sealed class SqliteCheckpoints : IDisposable
{
    /// <summary>Saved bytes after which a checkpoint runs. The log grows faster, since whole pages (4 KB) are written.</summary>
    private const int MinBytes = 512 * 1024;

    /// <summary>
    /// Log pages after which the writer checkpoints after all, which limits the log to about 64 MB. The log restarts only when all of it has been
    /// checkpointed, and under continuous load that moment never comes by itself.
    /// </summary>
    private const int MaxPages = 16_000;

    /// <summary>The longest delay of a checkpoint after a save, so that even the file alone, if someone copies it, is nearly current.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    private readonly object _lock = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _checkpoint;
    private readonly Thread _thread;
    private long _saved;
    private bool _isEnding;

    /// <summary>Starts the thread, which takes over checkpoints from the writer.</summary>
    /// <param name="writer">The writer's open connection in WAL mode.</param>
    public SqliteCheckpoints(SqliteConnection writer)
    {
        using SqliteCommand configure = writer.CreateCommand();
        configure.CommandText = $"PRAGMA wal_autocheckpoint = {MaxPages}";
        configure.ExecuteNonQuery();
        _connection = new SqliteConnection(writer.ConnectionString);
        _connection.Open();
        _checkpoint = _connection.CreateCommand();
        _checkpoint.CommandText = "PRAGMA wal_checkpoint(PASSIVE)"; // Neither waits for the writer nor blocks it.
        _thread = new Thread(Work) { IsBackground = true, Name = "state checkpoints" };
        _thread.Start();
    }

    /// <summary>Records that bytes were committed.</summary>
    public void Record(long bytes)
    {
        lock (_lock)
        {
            _saved += bytes;
            if (_saved >= MinBytes)
            {
                Monitor.Pulse(_lock);
            }
        }
    }

    /// <summary>Waits for a running checkpoint. The rest of the log is checkpointed when the writer closes, or at the next start.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isEnding = true;
            Monitor.Pulse(_lock);
        }

        _thread.Join();
        _checkpoint.Dispose();
        _connection.Dispose();
    }

    private void Work()
    {
        while (WaitUntilDue())
        {
            try
            {
                _checkpoint.ExecuteNonQuery();
            }
            catch (SqliteException)
            {
                // A full or failing disk: commits are safe in the log, and the writer reports when the log cannot grow.
            }
        }
    }

    private bool WaitUntilDue()
    {
        lock (_lock)
        {
            while (_saved < MinBytes && !_isEnding)
            {
                if (!Monitor.Wait(_lock, MaxDelay) && _saved > 0)
                {
                    break;
                }
            }

            _saved = 0;
            return !_isEnding;
        }
    }
}
