using System.Collections.Immutable;
using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>Reads on a few pooled connections. No caller waits longer than the limit of <see cref="PostgresTarget"/>, even when the server hangs.</summary>
internal sealed class PostgresReads(PostgresTarget target, TimeProvider time) : IAsyncDisposable
{
    private NpgsqlDataSource _source = target.CreateReader();

    /// <summary>Returns all rows that a statement finds, without those that <paramref name="read"/> returns as null.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="read">Reads one row.</param>
    /// <param name="parameter">The value of $1, or null for a statement without parameter.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <exception cref="StoreUnavailableException">The read failed, or took too long.</exception>
    public async Task<ImmutableArray<T>> All<T>(string sql, Func<NpgsqlDataReader, T?> read, string? parameter, CancellationToken cancellationToken)
    {
        NpgsqlDataSource source = _source;
        Task<ImmutableArray<T>> reading = Read(source, sql, read, parameter, cancellationToken);
        try
        {
            return await reading.WaitAsync(PostgresTarget.Limit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Replace(source);
            _ = Observe(reading);
            throw PostgresErrors.NoAnswer(target.Text);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = Observe(reading);
            throw;
        }
        catch (Exception failure)
        {
            throw PostgresErrors.Unavailable(failure, target.Text);
        }
    }

    /// <summary>Returns the only row.</summary>
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

        // Not cancelled: Npgsql would block a thread while it asks a possibly hanging server to cancel. The server's own limit ends the query.
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

    /// <summary>Replaces a pool whose connections hang. The old connections are closed when the server answers or is found to be gone.</summary>
    private void Replace(NpgsqlDataSource source)
    {
        NpgsqlDataSource fresh = target.CreateReader();
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
            // The pool is no longer used.
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
            // The caller has already received an exception.
        }
    }
}
