using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// All writing to the database file, by one thread: SQLite has one writer anyway, a slow disk then holds up no pool thread, and what waits
/// is committed together. Another thread moves what was committed into the file (<see cref="SqliteCheckpoints"/>). Nothing is acknowledged
/// that could not be read again by its path (<see cref="OpenedFiles"/>).
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MaxBatch = 256;

    /// <summary>More than a busy silo has waiting; a disk that stalls must not gather them without end.</summary>
    private const int MaxWaiting = 20_000;

    private readonly object _lock = new(); // Not a Lock: the thread sleeps on it, and does not spin before as others would.
    private readonly Queue<Operation> _waiting = [];
    private readonly string _file;
    private readonly SqliteConnection _connection;
    private readonly SqliteCheckpoints _checkpoints;
    private readonly SqliteStatements _statements;
    private readonly OpenedFiles _opened;
    private readonly Thread _thread;
    private bool _isEnding;

    /// <summary>Begins to write.</summary>
    /// <param name="file">The file.</param>
    /// <param name="connection">An open connection to it in WAL mode, which belongs to the writer from now on.</param>
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

    /// <summary>Runs a piece of work inside a transaction with others, and returns once it is committed.</summary>
    /// <param name="work">The work.</param>
    /// <param name="size">About how many bytes it writes.</param>
    /// <exception cref="StoreUnavailableException">It was not committed, or nobody could read it.</exception>
    /// <exception cref="InconsistentStateException">By the work: another version is saved.</exception>
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

    private void Work()
    {
        List<Operation> batch = new(MaxBatch);
        while (WaitForBatch(batch))
        {
            // Nothing may end this thread: without it no stream could save again.
            Exception? failure = batch.Count > 1 ? Commit(batch) : null;
            if (failure is SqliteException { SqliteErrorCode: SqliteErrors.Busy or SqliteErrors.Locked })
            {
                // Each alone would wait as long again.
                batch.ForEach(operation => operation.Fail(SqliteErrors.Unavailable(_file, failure)));
            }
            else if (failure is not null)
            {
                // One that cannot be done (a damaged page under it, say) must not fail the others for ever.
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

    /// <summary>Waits until there is something to do; false when nothing will be.</summary>
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

    /// <summary>One transaction for all. An operation that is refused by itself (a wrong version) leaves the others whole.</summary>
    /// <returns>Why nothing was committed; null when it was, and the callers are told.</returns>
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
