using Npgsql;
using Streams.Silo.Storage.Postgres;
using Xunit;

namespace Streams.Silo.Tests.Storage.Postgres;

/// <summary>What every store does, on PostgreSQL.</summary>
public sealed class PostgresStreamStoreTests(SharedPostgres shared) : StreamStoreTests
{
    private string? _database;
    private PostgresStreamStore? _store;

    protected override async Task<IStreamStore> Create()
    {
        _database = await (await shared.Server).CreateDatabase();
        return await Reopen();
    }

    protected override async Task<IStreamStore> Reopen()
    {
        await Close();
        return _store = await PostgresStreamStore.Open(_database!, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    protected override async Task Close()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    protected override Task Damage(StreamId id) => Execute("UPDATE streams SET state = '{\"phase\":', since = -1 WHERE stream_id = $1", id);

    protected override Task DamageHistory(StreamId id) => Execute("UPDATE history SET at = at + 1 WHERE stream_id = $1", id);

    private async Task Execute(string sql, StreamId id)
    {
        await using NpgsqlConnection connection = new(_database);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = id.Value });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
