using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>The prepared statements of the writer. Each is compiled once, since compiling takes longer than running it. Not thread-safe.</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    /// <summary>Writes the probe row.</summary>
    public const string ProbeText = "INSERT INTO probe (id, number) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET number = number + 1";

    /// <summary>A history is trimmed after every so many rows: rarely enough to cost little, often enough to limit its size.</summary>
    private const int TrimEvery = 16;

    private readonly SqliteCommand _find = Prepare(
        connection, $"SELECT {RowReader.RowColumns} FROM streams WHERE stream_id = $id", "$id");

    private readonly SqliteCommand _insert = Prepare(
        connection,
        """
        INSERT INTO streams (stream_id, version, phase, since, generation, live, kept, profile, state, checksum, node)
        VALUES ($id, $version, $phase, $since, $generation, $live, $kept, $profile, $state, $checksum, $node) ON CONFLICT DO NOTHING
        """,
        RowParameters);

    private readonly SqliteCommand _update = Prepare(
        connection,
        """
        UPDATE streams SET version = $version, phase = $phase, since = $since, generation = $generation, live = $live, kept = $kept,
        profile = $profile, state = $state, checksum = $checksum, node = $node WHERE stream_id = $id AND version = $version - 1
        """,
        RowParameters);

    private readonly SqliteCommand _drop = Prepare(connection, "DELETE FROM streams WHERE stream_id = $id", "$id");
    private readonly SqliteCommand _dropHistory = Prepare(connection, "DELETE FROM history WHERE stream_id = $id", "$id");
    private readonly SqliteCommand _oldest = Prepare(
        connection, $"SELECT stream_id FROM streams WHERE {SqliteSchema.Forgettable} ORDER BY since LIMIT $count", "$count");

    private readonly SqliteCommand _append = Prepare(
        connection,
        """
        INSERT INTO history (stream_id, number, kind, at, entry, checksum)
        SELECT $id, COALESCE((SELECT MAX(number) FROM history WHERE stream_id = $id), 0) + 1, $kind, $at, $entry, $checksum
        WHERE EXISTS (SELECT 1 FROM streams WHERE stream_id = $id) RETURNING number
        """,
        "$id",
        "$kind",
        "$at",
        "$entry",
        "$checksum");

    private readonly SqliteCommand _trim = Prepare(
        connection,
        """
        DELETE FROM history WHERE stream_id = $id AND kind = $kind AND number <=
        (SELECT number FROM history WHERE stream_id = $id AND kind = $kind ORDER BY number DESC LIMIT 1 OFFSET $most)
        """,
        "$id",
        "$kind",
        "$most");

    private readonly SqliteCommand _probe = Prepare(connection, ProbeText);
    private readonly SqliteCommand _probeTables = Prepare(
        connection,
        """
        UPDATE streams SET version = version, phase = phase, since = since, generation = generation, live = live, kept = kept, profile = profile, state = state, checksum = checksum, node = node WHERE number = -1;
        DELETE FROM history WHERE stream_id = '' AND number = -1;
        UPDATE stream_counts SET streams = streams WHERE phase = -1;
        SELECT COUNT(*) FROM stream_search WHERE rowid = -1;
        """);

    private static readonly string[] RowParameters = ["$id", "$version", "$phase", "$since", "$generation", "$live", "$kept", "$profile", "$state", "$checksum", "$node"];

    private SqliteCommand[] All => [_find, _insert, _update, _drop, _dropHistory, _oldest, _append, _trim, _probe, _probeTables];

    /// <summary>Begins a transaction for all statements.</summary>
    public SqliteTransaction Begin()
    {
        SqliteTransaction transaction = connection.BeginTransaction();
        foreach (SqliteCommand command in All)
        {
            command.Transaction = transaction;
        }

        return transaction;
    }

    /// <summary>Reads a stream's row; null when none is saved.</summary>
    public StreamRow? Find(StreamId id)
    {
        _find.Parameters[0].Value = id.Value;
        using SqliteDataReader row = _find.ExecuteReader();
        return row.Read() ? RowReader.ReadRow(id, row) : null;
    }

    /// <summary>Saves a row over its previous version.</summary>
    /// <exception cref="InconsistentStateException">Another version is saved.</exception>
    public bool Write(StreamRow row)
    {
        SqliteCommand command = row.Version == 1 ? _insert : _update;
        Set(command, row.StreamId.Value, row.Version, (int)row.Phase, row.SinceTicks, row.Generation, row.IsLive, row.IsKept, (object?)row.Profile ?? DBNull.Value, row.Json, row.Checksum, (object?)row.Node ?? DBNull.Value);
        return command.ExecuteNonQuery() == 1
            ? true
            : throw new InconsistentStateException($"The state of stream {row.StreamId} was changed by another activation.", "another", $"{row.Version - 1}");
    }

    /// <summary>Removes a stream and its history. False when there is none.</summary>
    public bool Drop(StreamId id) => Drop(id.Value);

    private bool Drop(string id) // The id may be damaged.
    {
        Set(_drop, id);
        Set(_dropHistory, id);
        _dropHistory.ExecuteNonQuery();
        return _drop.ExecuteNonQuery() == 1;
    }

    /// <summary>Removes up to <paramref name="count"/> streams that have been offline longest, with their histories.</summary>
    public int Forget(int count)
    {
        List<string> oldest = [];
        Set(_oldest, count);
        using (SqliteDataReader rows = _oldest.ExecuteReader())
        {
            while (rows.Read())
            {
                oldest.Add(rows.GetString(0));
            }
        }

        return oldest.Count(Drop);
    }

    /// <summary>Adds rows to histories.</summary>
    public int Append(IReadOnlyList<HistoryRow> rows)
    {
        foreach (HistoryRow row in rows)
        {
            Set(_append, row.StreamId.Value, (int)row.Kind, row.AtTicks, row.Json, row.Checksum);
            if (_append.ExecuteScalar() is long number && number % TrimEvery == 0)
            {
                Set(_trim, row.StreamId.Value, (int)row.Kind, HistoryRow.MaxRows(row.Kind));
                _trim.ExecuteNonQuery();
            }
        }

        return rows.Count;
    }

    /// <summary>Writes the probe row, and checks that the other tables can be written.</summary>
    public int Probe()
    {
        _probeTables.ExecuteNonQuery();
        return _probe.ExecuteNonQuery();
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

        return command; // Compiled when it first runs.
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index];
        }
    }
}
