using Microsoft.Data.Sqlite;
using Streams.Silo.Storage.Sqlite;
using Xunit;

namespace Streams.Silo.Tests.Storage;

/// <summary>What every store does, on SQLite.</summary>
public sealed class SqliteContractTests : StreamStoreTests
{
    private readonly TemporaryFolder _folder = new();
    private SqliteStreamStore? _store;

    private string DatabaseFile => _folder.File("streams.db");

    protected override Task<IStreamStore> Create() => Reopen();

    protected override Task<IStreamStore> Reopen()
    {
        _store?.Dispose();
        _store = new SqliteStreamStore(DatabaseFile, TimeProvider.System);
        return Task.FromResult<IStreamStore>(_store);
    }

    protected override Task Close()
    {
        _store?.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    protected override Task Damage(StreamId id) => Execute("UPDATE streams SET state = '{\"phase\":', since = -1 WHERE stream_id = $id", id);

    protected override Task DamageHistory(StreamId id) => Execute("UPDATE history SET at = at + 1 WHERE stream_id = $id", id);

    private Task Execute(string sql, StreamId id)
    {
        using SqliteConnection connection = new($"Data Source={DatabaseFile};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", id.Value);
        Assert.Equal(1, command.ExecuteNonQuery());
        return Task.CompletedTask;
    }
}
