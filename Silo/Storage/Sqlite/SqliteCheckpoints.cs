using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// Moves what was committed from SQLite's log into its file, on a connection and a thread of its own: the disk is waited for here, and
/// not by whoever saves. A writer left to do it by itself waits for the disk at every 1,000 pages, and with it the start of a worker.
/// </summary>
internal sealed class SqliteCheckpoints : IDisposable
{
    /// <summary>So many bytes that were saved are worth a checkpoint. What is written is more, since a page (4 KB) is written whole.</summary>
    private const int WorthIt = 512 * 1024;

    /// <summary>
    /// At so many pages in the log the writer does it after all: the log is begun anew only at a moment when all of it has been moved, and
    /// under a load without a pause there is none. It bounds the log to about 64 MB.
    /// </summary>
    private const int MaxPages = 16_000;

    /// <summary>A quiet silo's last saves are moved after this time too: the file alone, as somebody may copy it, has nearly all.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly object _lock = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _checkpoint;
    private readonly Thread _thread;
    private long _saved;
    private bool _isEnding;

    /// <summary>Takes the checkpoints over from a writer.</summary>
    /// <param name="writer">An open connection in WAL mode.</param>
    public SqliteCheckpoints(SqliteConnection writer)
    {
        using SqliteCommand leave = writer.CreateCommand();
        leave.CommandText = $"PRAGMA wal_autocheckpoint = {MaxPages}";
        leave.ExecuteNonQuery();
        _connection = new SqliteConnection(writer.ConnectionString);
        _connection.Open();
        _checkpoint = _connection.CreateCommand();
        _checkpoint.CommandText = "PRAGMA wal_checkpoint(PASSIVE)"; // Neither waits for the writer nor keeps it waiting.
        _thread = new Thread(Work) { IsBackground = true, Name = "state checkpoints" };
        _thread.Start();
    }

    /// <summary>So many bytes were committed.</summary>
    public void Record(long bytes)
    {
        lock (_lock)
        {
            _saved += bytes;
            if (_saved >= WorthIt)
            {
                Monitor.Pulse(_lock);
            }
        }
    }

    /// <summary>Waits for a checkpoint that runs. What is left in the log is moved when the writer closes, or read again from there.</summary>
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
                // A full or broken disk: what was committed is safe in the log, and the writer tells its callers when that cannot grow.
            }
        }
    }

    private bool WaitUntilDue()
    {
        lock (_lock)
        {
            while (_saved < WorthIt && !_isEnding)
            {
                if (!Monitor.Wait(_lock, Longest) && _saved > 0)
                {
                    break;
                }
            }

            _saved = 0;
            return !_isEnding;
        }
    }
}
