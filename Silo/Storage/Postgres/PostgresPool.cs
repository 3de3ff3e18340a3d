using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>A few pooled connections. Nobody waits for longer than the limit, whatever the server does.</summary>
/// <param name="create">Makes the pool, and another one when its connections hang.</param>
/// <param name="place">The database, for messages.</param>
/// <param name="limit">How long a caller waits at most.</param>
/// <param name="time">The clock.</param>
internal sealed class PostgresPool(Func<NpgsqlDataSource> create, string place, TimeSpan limit, TimeProvider time) : IAsyncDisposable
{
    private NpgsqlDataSource _source = create();

    /// <summary>Does something on one of the connections.</summary>
    /// <param name="work">It. It is not cancelled: Npgsql would hold a thread while it asks a server that may hang to cancel. The server's own limit ends it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreUnavailableException">It failed, or took too long; whether a change took effect may be unknown.</exception>
    public async Task<T> Run<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        NpgsqlDataSource source = _source;
        Task<T> running = RunOn(source, work, cancellationToken);
        try
        {
            return await running.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Leave(source);
            _ = Observe(running);
            throw PostgresErrors.NoAnswer(place, limit);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = Observe(running);
            throw;
        }
        catch (Exception failure)
        {
            throw PostgresErrors.Unavailable(failure, place);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task<T> RunOn<T>(NpgsqlDataSource source, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        return await work(connection);
    }

    /// <summary>Whose connections hang is left with them: each is closed when its server answers, or its end is noticed. The next caller opens new ones.</summary>
    private void Leave(NpgsqlDataSource source)
    {
        NpgsqlDataSource fresh = create();
        if (Interlocked.CompareExchange(ref _source, fresh, source) == source)
        {
            _ = Close(source);
        }
        else
        {
            _ = Close(fresh);
        }
    }

    private static async Task Close(NpgsqlDataSource source)
    {
        try
        {
            await source.DisposeAsync();
        }
        catch (Exception)
        {
            // Nobody uses it any more.
        }
    }

    private static async Task Observe(Task running)
    {
        try
        {
            await running;
        }
        catch (Exception)
        {
            // Its caller was told what there is to tell.
        }
    }
}
