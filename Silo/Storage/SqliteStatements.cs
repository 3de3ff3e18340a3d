using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace Streams.Silo.Storage;

/// <summary>The statements on the table of states, each compiled once: compiling one takes longer than running it. For one caller at a time.</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    private readonly SqliteCommand _find = Prepare(connection, "SELECT version, json FROM state WHERE key = $key", "$key");
    private readonly SqliteCommand _insert = Prepare(connection, "INSERT INTO state (key, version, json) VALUES ($key, 1, $json) ON CONFLICT DO NOTHING", "$key", "$json");
    private readonly SqliteCommand _update = Prepare(
        connection, "UPDATE state SET version = version + 1, json = $json WHERE key = $key AND version = $version", "$key", "$json", "$version");

    private readonly SqliteCommand _delete = Prepare(connection, "DELETE FROM state WHERE key = $key AND version = $version", "$key", "$version");

    private SqliteCommand[] All => [_find, _insert, _update, _delete];

    /// <summary>Begins a transaction that all statements belong to until the next.</summary>
    public SqliteTransaction Begin()
    {
        SqliteTransaction transaction = connection.BeginTransaction();
        foreach (SqliteCommand command in All)
        {
            command.Transaction = transaction;
        }

        return transaction;
    }

    /// <summary>The state, or null when none is saved.</summary>
    public StoredState? Find(string key)
    {
        _find.Parameters[0].Value = key;
        using SqliteDataReader reader = _find.ExecuteReader();
        return reader.Read() ? new StoredState(reader.GetInt64(0), reader.GetString(1)) : null;
    }

    /// <summary>Saves a state over the version given (0: none), and returns the new version.</summary>
    /// <exception cref="InconsistentStateException">Another version is saved.</exception>
    public long Write(string key, long version, string json)
    {
        SqliteCommand command = version == 0 ? _insert : _update;
        command.Parameters[0].Value = key;
        command.Parameters[1].Value = json;
        if (version != 0)
        {
            command.Parameters[2].Value = version;
        }

        ThrowUnlessOne(command.ExecuteNonQuery(), key, version);
        return version + 1;
    }

    /// <summary>Removes a state of the version given (0: there is none).</summary>
    /// <exception cref="InconsistentStateException">Another version is saved.</exception>
    public int Delete(string key, long version)
    {
        _delete.Parameters[0].Value = key;
        _delete.Parameters[1].Value = version;
        int rows = _delete.ExecuteNonQuery();
        if (version != 0)
        {
            ThrowUnlessOne(rows, key, version);
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in All)
        {
            command.Dispose();
        }
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, params string[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (string parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        return command; // It is compiled when it first runs, and stays so.
    }

    private static void ThrowUnlessOne(int rows, string key, long version)
    {
        if (rows != 1)
        {
            throw new InconsistentStateException($"The state of {key} was changed by another activation.", "another", $"{version}");
        }
    }
}
