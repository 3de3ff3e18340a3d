using System.Threading.Channels;
using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>
/// Group commit: writes that arrive while a commit runs are committed together by the next. A batch is one round trip and one transaction. No
/// caller waits longer than the limit of <see cref="PostgresTarget"/>, even when the server hangs.
/// </summary>
internal sealed class WriteQueue : IAsyncDisposable
{
    private const int MaxWaiting = 10_000;

    /// <summary>The most statements of a batch; a single write with more has a batch of its own.</summary>
    private const int MaxStatements = 256;

    /// <summary>While nothing is written, how often the connection is checked, and with it the ownership of the database.</summary>
    private static readonly TimeSpan IdleCheck = TimeSpan.FromSeconds(1);

    private readonly Channel<PendingWrite> _waiting = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(MaxWaiting));
    private readonly OwnedConnection _connection;
    private readonly string _target;
    private readonly TimeProvider _time;
    private readonly Task _loop;
    private volatile bool _isEnding;

    /// <summary>Starts the queue.</summary>
    /// <param name="connection">The open connection, which the queue closes.</param>
    /// <param name="target">The database, for messages.</param>
    /// <param name="time">The clock.</param>
    public WriteQueue(OwnedConnection connection, string target, TimeProvider time)
    {
        _connection = connection;
        _target = target;
        _time = time;
        _loop = Task.Run(Work);
    }

    /// <summary>Runs the commands in one transaction with those of other callers, and returns how many rows each affected.</summary>
    /// <exception cref="StoreUnavailableException">The write failed, or took too long; whether it took effect may be unknown.</exception>
    public async Task<long[]> Run(params IReadOnlyList<WriteCommand> commands)
    {
        PendingWrite write = new(commands);
        if (!_waiting.Writer.TryWrite(write))
        {
            throw new StoreUnavailableException(
                _isEnding
                    ? $"PostgreSQL at {_target} is no longer used: the silo ends."
                    : $"PostgreSQL at {_target} is too slow: {MaxWaiting} writes wait for it, and no more are accepted.");
        }

        try
        {
            return await write.Done.WaitAsync(PostgresTarget.Limit, _time);
        }
        catch (TimeoutException)
        {
            write.Abandon();
            throw PostgresErrors.NoAnswer(_target);
        }
    }

    /// <summary>Completes the queued writes and closes the connection. Gives up on a server that hangs after the limit, when no caller waits any longer.</summary>
    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        _waiting.Writer.TryComplete();
        try
        {
            await _loop.WaitAsync(PostgresTarget.Limit, _time);
        }
        catch (TimeoutException)
        {
            return;
        }

        await _connection.DisposeAsync();
    }

    private async Task Work()
    {
        List<PendingWrite> batch = [];
        while (await WaitForWork())
        {
            batch.Clear();
            int statements = 0;
            while (_waiting.Reader.TryPeek(out PendingWrite? next) && (batch.Count == 0 || statements + next.Commands.Count <= MaxStatements))
            {
                _waiting.Reader.TryRead(out _);
                if (!next.IsAbandoned)
                {
                    batch.Add(next);
                    statements += next.Commands.Count;
                }
            }

            await RunTogether(batch);
        }
    }

    /// <summary>Waits for queued writes; false when the queue has ended.</summary>
    private async Task<bool> WaitForWork()
    {
        Task<bool> waiting = _waiting.Reader.WaitToReadAsync().AsTask();
        while (true)
        {
            try
            {
                return await waiting.WaitAsync(IdleCheck, _time);
            }
            catch (TimeoutException)
            {
                await RunTogether([]);
            }
        }
    }

    private async Task RunTogether(List<PendingWrite> batch)
    {
        try
        {
            await RunOnce(batch);
        }
        catch (Exception failure) when (batch.Count > 1 && PostgresErrors.IsStatementError(failure))
        {
            foreach (PendingWrite write in batch.Where(static write => !write.IsAbandoned))
            {
                await RunTogether([write]);
            }
        }
        catch (Exception failure)
        {
            // Every caller receives the failure. Nothing may end this loop, or no stream could save again.
            StoreUnavailableException unavailable = PostgresErrors.Unavailable(failure, _target);
            foreach (PendingWrite write in batch)
            {
                write.Fail(unavailable);
            }
        }
    }

    /// <summary>Runs a batch as one transaction: all of it takes effect, or nothing. An empty batch only checks the connection.</summary>
    private async Task RunOnce(List<PendingWrite> batch)
    {
        NpgsqlConnection connection = await _connection.Get();
        NpgsqlBatch statements = new(connection);
        List<(PendingWrite Write, int Command)> order = [.. batch
            .SelectMany(static write => Enumerable.Range(0, write.Commands.Count).Select(i => (Write: write, Command: i)))
            .OrderBy(static one => one.Write.Commands[one.Command].Key, StringComparer.Ordinal)];
        foreach ((PendingWrite write, int command) in order)
        {
            statements.BatchCommands.Add(write.Commands[command].Create());
        }

        if (order.Count == 0)
        {
            statements.BatchCommands.Add(new NpgsqlBatchCommand("SELECT 1"));
        }

        // A batch without an explicit transaction is one implicit transaction.
        Task<int> running = statements.ExecuteNonQueryAsync(CancellationToken.None);
        try
        {
            await running.WaitAsync(PostgresTarget.Limit, _time);
        }
        catch (Exception failure) when (failure is TimeoutException || PostgresErrors.BreaksConnection(failure))
        {
            _connection.Abandon(running);
            throw;
        }

        for (int i = 0; i < order.Count; i++)
        {
            order[i].Write.SetRows(order[i].Command, statements.BatchCommands[i] is NpgsqlBatchCommand command ? command.Rows : 0);
        }

        foreach (PendingWrite write in batch)
        {
            write.Complete();
        }

        await statements.DisposeAsync();
    }
}
