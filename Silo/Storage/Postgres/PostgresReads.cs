using System.Collections.Immutable;
using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>Reads on a few pooled connections. Nobody waits for longer than the limit of <see cref="PostgresPlace"/>, whatever the server does.</summary>
internal sealed class PostgresReads(PostgresPlace place, TimeProvider time) : IAsyncDisposable
{
    private NpgsqlDataSource _source = place.CreateReader();

    /// <summary>All rows that a statement finds, without those that are read as null.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="read">Reads one row.</param>
    /// <param name="parameter">The value of $1, when it has one.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreUnavailableException">It failed, or took too long.</exception>
    public async Task<ImmutableArray<T>> All<T>(string sql, Func<NpgsqlDataReader, T?> read, string? parameter, CancellationToken cancellationToken)
    {
        NpgsqlDataSource source = _source;
        Task<ImmutableArray<T>> reading = Read(source, sql, read, parameter, cancellationToken);
        try
        {
            return await reading.WaitAsync(PostgresPlace.Limit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Leave(source);
            _ = Observe(reading);
            throw PostgresErrors.Silent(place.Text);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = Observe(reading);
            throw;
        }
        catch (Exception failure)
        {
            throw PostgresErrors.Unavailable(failure, place.Text);
        }
    }

    /// <summary>The only row.</summary>
    public async Task<T> One<T>(string sql, Func<NpgsqlDataReader, T?> read, string? parameter, CancellationToken cancellationToken) =>
        (await All(sql, read, parameter, cancellationToken))[0];

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task<ImmutableArray<T>> Read<T>(
        NpgsqlDataSource source, string sql, Func<NpgsqlDataReader, T?> read, string? parameter, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        await using NpgsqlCommand command = new(sql, connection);
        if (parameter is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        }

        // Not cancelled: Npgsql would hold a thread while it asks a server that may hang to cancel. The server's own limit ends it.
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(CancellationToken.None);
        ImmutableArray<T>.Builder rows = ImmutableArray.CreateBuilder<T>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            if (read(reader) is { } row)
            {
                rows.Add(row);
            }
        }

        return rows.ToImmutable();
    }

    /// <summary>Whose connections hang is left with them: each is closed when its server answers, or its end is noticed. The next read opens new ones.</summary>
    private void Leave(NpgsqlDataSource source)
    {
        NpgsqlDataSource fresh = place.CreateReader();
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

    private static async Task Observe(Task reading)
    {
        try
        {
            await reading;
        }
        catch (Exception)
        {
            // Its caller was told what there is to tell.
        }
    }
}
