using System.Collections.Immutable;
using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>Reads on a few pooled connections. Nobody waits for longer than the limit of <see cref="PostgresTarget"/>, whatever the server does.</summary>
internal sealed class PostgresReads(PostgresTarget place, TimeProvider time) : IAsyncDisposable
{
    private readonly PostgresPool _pool = new(place.CreateReader, place.Text, PostgresTarget.Limit, time);

    /// <summary>All rows that a statement finds, without those that are read as null.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="read">Reads one row.</param>
    /// <param name="parameter">The value of $1, when it has one.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreUnavailableException">It failed, or took too long.</exception>
    public Task<ImmutableArray<T>> All<T>(string sql, Func<NpgsqlDataReader, T?> read, string? parameter, CancellationToken cancellationToken) =>
        _pool.Run(connection => Read(connection, sql, read, parameter), cancellationToken);

    /// <summary>The only row.</summary>
    public async Task<T> One<T>(string sql, Func<NpgsqlDataReader, T?> read, string? parameter, CancellationToken cancellationToken) =>
        (await All(sql, read, parameter, cancellationToken))[0];

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private static async Task<ImmutableArray<T>> Read<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T?> read, string? parameter)
    {
        await using NpgsqlCommand command = new(sql, connection);
        if (parameter is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        }

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
}
