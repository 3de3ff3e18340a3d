using System.Threading.Channels;
using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>
/// Writes of many callers, committed together: whatever waits while a commit runs is in the next one. A batch is sent in one go and is one
/// transaction. Nobody waits for longer than the limit of <see cref="PostgresPlace"/>, whatever the server does.
/// </summary>
internal sealed class WriteQueue : IAsyncDisposable
{
    private const int MaxWaiting = 10_000;

    /// <summary>Statements of a batch; a single write with more has a batch of its own.</summary>
    private const int MaxStatements = 256;

    /// <summary>While nothing is written, so often it is looked whether the connection, and with it the ownership, is still there.</summary>
    private static readonly TimeSpan IdleCheck = TimeSpan.FromSeconds(1);

    private readonly Channel<PendingWrite> _waiting = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(MaxWaiting));
    private readonly OwnedConnection _connection;
    private readonly string _place;
    private readonly TimeProvider _time;
    private readonly Task _loop;
    private volatile bool _isEnding;

    /// <param name="connection">The connection, open. The queue closes it.</param>
    /// <param name="place">The database, for messages.</param>
    /// <param name="time">The clock.</param>
    public WriteQueue(OwnedConnection connection, string place, TimeProvider time)
    {
        _connection = connection;
        _place = place;
        _time = time;
        _loop = Task.Run(Work);
    }

    /// <summary>Runs the commands in one transaction with those of others, and returns how many rows each concerned.</summary>
    /// <exception cref="StoreUnavailableException">It failed, or took too long; whether it took effect may be unknown.</exception>
    public async Task<long[]> Run(params IReadOnlyList<WriteCommand> commands)
    {
        PendingWrite write = new(commands);
        if (!_waiting.Writer.TryWrite(write))
        {
            throw new StoreUnavailableException(
                _isEnding
                    ? $"PostgreSQL at {_place} is not used any more: the silo ends."
                    : $"PostgreSQL at {_place} is too slow: {MaxWaiting} writes wait for it, and no more are accepted.");
        }

        try
        {
            return await write.Done.WaitAsync(PostgresPlace.Limit, _time);
        }
        catch (TimeoutException)
        {
            write.Abandon();
            throw PostgresErrors.Silent(_place);
        }
    }

    /// <summary>Finishes what waits, and closes the connection; a server that hangs is left after the limit, when nobody waits any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        _waiting.Writer.TryComplete();
        try
        {
            await _loop.WaitAsync(PostgresPlace.Limit, _time);
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

    /// <summary>Waits until there is something to do; false when nothing will be.</summary>
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
        catch (Exception failure) when (batch.Count > 1 && PostgresErrors.IsOfOneStatement(failure))
        {
            foreach (PendingWrite write in batch.Where(static write => !write.IsAbandoned))
            {
                await RunTogether([write]);
            }
        }
        catch (Exception failure)
        {
            // Each caller is told. Nothing may end this loop: without it no stream could save again.
            StoreUnavailableException unavailable = PostgresErrors.Unavailable(failure, _place);
            foreach (PendingWrite write in batch)
            {
                write.Fail(unavailable);
            }
        }
    }

    /// <summary>One transaction: all of it takes effect, or nothing. Without writes it only proves that the connection is there.</summary>
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

        // What is sent together without a transaction of its own is one.
        Task<int> running = statements.ExecuteNonQueryAsync(CancellationToken.None);
        try
        {
            await running.WaitAsync(PostgresPlace.Limit, _time);
        }
        catch (Exception failure) when (failure is TimeoutException || PostgresErrors.EndsConnection(failure))
        {
            _connection.GiveUp(running);
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
