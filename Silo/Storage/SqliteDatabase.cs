using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace Streams.Silo.Storage;

/// <summary>
/// The database file, used by one thread only: SQLite has one writer anyway, a slow disk then holds up no pool thread, and what
/// waits is committed together. Another thread moves what was committed into the file (<see cref="SqliteCheckpoints"/>).
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private const int MaxBatch = 256;

    private readonly object _lock = new(); // Not a Lock: the thread sleeps on it, and does not spin before as others would.
    private readonly Queue<Operation> _waiting = [];
    private readonly SqliteConnection _connection;
    private readonly SqliteCheckpoints _checkpoints;
    private readonly SqliteStatements _statements;
    private readonly Thread _thread;
    private bool _isEnding;

    /// <summary>Opens the file, and makes it when it is missing.</summary>
    /// <param name="file">The file; its folder is made when missing.</param>
    /// <param name="maxPages">The most pages (4 KB each) that it may grow to; as many as the disk has when null.</param>
    /// <exception cref="StorageUnusableException">It cannot be used; the message says why, and what to do.</exception>
    public SqliteDatabase(string file, int? maxPages = null)
    {
        _connection = SqliteFile.Open(file, maxPages);
        _checkpoints = new SqliteCheckpoints(_connection);
        _statements = new SqliteStatements(_connection);
        _thread = new Thread(Work) { IsBackground = true, Name = "state storage" };
        _thread.Start();
    }

    /// <summary>The state, or null when none is saved.</summary>
    public Task<StoredState?> Read(string key) => Enqueue(statements => statements.Find(key));

    /// <summary>Saves a state over the version given (0: none), and returns the new version.</summary>
    /// <exception cref="InconsistentStateException">Another version is saved.</exception>
    public Task<long> Write(string key, long version, string json) => Enqueue(statements => statements.Write(key, version, json), json.Length);

    /// <summary>Removes a state of the version given.</summary>
    /// <exception cref="InconsistentStateException">Another version is saved.</exception>
    public Task Delete(string key, long version) => Enqueue(statements => statements.Delete(key, version));

    /// <summary>Finishes what waits, and closes the file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isEnding = true;
            Monitor.Pulse(_lock);
        }

        _thread.Join();
        _statements.Dispose();
        _checkpoints.Dispose();
        _connection.Dispose();
    }

    private Task<T> Enqueue<T>(Func<SqliteStatements, T> work, int size = 0)
    {
        Operation<T> operation = new(work, size);
        lock (_lock)
        {
            if (_isEnding)
            {
                return Task.FromException<T>(new ObjectDisposedException(nameof(SqliteDatabase)));
            }

            _waiting.Enqueue(operation);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_lock);
            }
        }

        return operation.Done;
    }

    private void Work()
    {
        List<Operation> batch = new(MaxBatch);
        while (TakeBatch(batch))
        {
            RunTogether(batch);
        }
    }

    /// <summary>Waits until there is something to do; false when nothing will be.</summary>
    private bool TakeBatch(List<Operation> batch)
    {
        batch.Clear();
        lock (_lock)
        {
            while (_waiting.Count == 0)
            {
                if (_isEnding)
                {
                    return false;
                }

                Monitor.Wait(_lock);
            }

            while (batch.Count < MaxBatch && _waiting.TryDequeue(out Operation? next))
            {
                batch.Add(next);
            }
        }

        return true;
    }

    /// <summary>One transaction for the batch. An operation that fails by itself (a wrong version) leaves the others whole.</summary>
    private void RunTogether(List<Operation> batch)
    {
        try
        {
            using SqliteTransaction transaction = _statements.Begin();
            foreach (Operation operation in batch)
            {
                operation.Run(_statements);
            }

            transaction.Commit();
        }
        catch (Exception failure)
        {
            // Each caller is told. Nothing may end this thread: without it no stream could save again.
            foreach (Operation operation in batch)
            {
                operation.Fail(failure);
            }

            return;
        }

        foreach (Operation operation in batch)
        {
            operation.Complete();
        }

        _checkpoints.Note(batch.Sum(static operation => operation.Size));
    }

    /// <param name="size">About how many bytes it writes.</param>
    private abstract class Operation(int size)
    {
        public int Size => size;

        public abstract void Run(SqliteStatements statements);

        public abstract void Complete();

        public abstract void Fail(Exception failure);
    }

    private sealed class Operation<T>(Func<SqliteStatements, T> work, int size) : Operation(size)
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _conflict;

        public Task<T> Done => _done.Task;

        public override void Run(SqliteStatements statements)
        {
            try
            {
                _result = work(statements);
            }
            catch (InconsistentStateException conflict)
            {
                _conflict = conflict;
            }
        }

        public override void Complete()
        {
            if (_conflict is null)
            {
                _done.SetResult(_result!);
            }
            else
            {
                _done.SetException(_conflict);
            }
        }

        public override void Fail(Exception failure) => _done.TrySetException(failure);
    }
}
