using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// Writes to the database on one thread, with group commit. SQLite allows one writer anyway, and a slow disk then blocks no pool thread. Checkpoints
/// run on another thread (<see cref="SqliteCheckpoints"/>). A write is acknowledged only if it can be read again by its path
/// (<see cref="OpenedFiles"/>).
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MaxBatch = 256;

    /// <summary>The most waiting writes: more than a busy silo has, but a stalled disk must not collect them without limit.</summary>
    private const int MaxWaiting = 20_000;

    private readonly object _lock = new(); // Not a Lock: Monitor.Wait sleeps without spinning first.
    private readonly Queue<Operation> _waiting = [];
    private readonly string _file;
    private readonly SqliteConnection _connection;
    private readonly SqliteCheckpoints _checkpoints;
    private readonly SqliteStatements _statements;
    private readonly OpenedFiles _opened;
    private readonly Thread _thread;
    private bool _isEnding;

    /// <summary>Starts the writer's thread.</summary>
    /// <param name="file">The file.</param>
    /// <param name="connection">An open connection in WAL mode, which the writer owns from now on.</param>
    public SqliteWriter(string file, SqliteConnection connection)
    {
        _file = file;
        _connection = connection;
        _checkpoints = new SqliteCheckpoints(_connection);
        _statements = new SqliteStatements(_connection);
        _opened = new OpenedFiles(file);
        _thread = new Thread(Work) { IsBackground = true, Name = "state storage" };
        _thread.Start();
    }

    /// <summary>Queues work, runs it in a transaction with other work, and returns once it is committed.</summary>
    /// <param name="work">The work.</param>
    /// <param name="size">The approximate number of bytes that it writes.</param>
    /// <exception cref="StoreUnavailableException">The work was not committed, or could not be read again.</exception>
    /// <exception cref="InconsistentStateException">Thrown by the work: another version is saved.</exception>
    public Task<T> Enqueue<T>(Func<SqliteStatements, T> work, int size = 0)
    {
        Operation<T> operation = new(work, size);
        lock (_lock)
        {
            if (_isEnding)
            {
                return Task.FromException<T>(new StoreUnavailableException($"The store {_file} is closed: the silo ends."));
            }

            if (_waiting.Count >= MaxWaiting)
            {
                return Task.FromException<T>(new StoreUnavailableException($"The store {_file} is too slow: {MaxWaiting} saves wait for its disk."));
            }

            _waiting.Enqueue(operation);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_lock);
            }
        }

        return operation.Done;
    }

    /// <summary>Completes the queued work, and closes the file.</summary>
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

    private void Work()
    {
        List<Operation> batch = new(MaxBatch);
        while (WaitForBatch(batch))
        {
            // Nothing may end this thread, or no stream could save again.
            Exception? failure = batch.Count > 1 ? Commit(batch) : null;
            if (failure is SqliteException { SqliteErrorCode: SqliteErrors.Busy or SqliteErrors.Locked })
            {
                // Each operation alone would wait as long again.
                batch.ForEach(operation => operation.Fail(SqliteErrors.Unavailable(_file, failure)));
            }
            else if (failure is not null)
            {
                // An operation that cannot succeed (because of a damaged page, say) must not fail the others.
                foreach (Operation operation in batch)
                {
                    CommitAlone(operation);
                }
            }
            else if (batch.Count == 1)
            {
                CommitAlone(batch[0]);
            }
        }
    }

    /// <summary>Waits for queued operations; false when the writer ends.</summary>
    private bool WaitForBatch(List<Operation> batch)
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

    private void CommitAlone(Operation operation)
    {
        if (Commit([operation]) is { } failure)
        {
            operation.Fail(SqliteErrors.Unavailable(_file, failure));
        }
    }

    /// <summary>Commits a batch as one transaction. An operation with a conflict (a wrong version) does not affect the others.</summary>
    /// <returns>Why nothing was committed; null when the callers have received their results.</returns>
    private Exception? Commit(IReadOnlyList<Operation> batch)
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
            return failure;
        }

        if (FindProblem() is { } problem)
        {
            StoreUnavailableException lost = new($"The store cannot be used: {problem}.");
            foreach (Operation operation in batch)
            {
                operation.Fail(lost);
            }

            return null;
        }

        foreach (Operation operation in batch)
        {
            operation.Complete();
        }

        _checkpoints.Record(batch.Sum(static operation => operation.Size));
        return null;
    }

    private string? FindProblem()
    {
        try
        {
            return _opened.FindProblem();
        }
        catch (UnauthorizedAccessException failure)
        {
            return failure.Message;
        }
    }

    /// <summary>A queued piece of work.</summary>
    /// <param name="size">The approximate number of bytes that it writes.</param>
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
            _conflict = null;
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
