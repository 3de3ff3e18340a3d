using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>
/// Migrates the first version of the file, which had one table of grain states by key: each stream's state, its history, and the catalog, which is no
/// longer needed.
/// </summary>
internal static class SqliteVersion1
{
    private const string StreamKeys = "stream/";
    private const string HistoryKeys = "history/";

    /// <summary>Migrates the old table, inside the open transaction. Does nothing when there is no such table.</summary>
    public static void Migrate(SqliteConnection connection)
    {
        if (!HasOldTable(connection))
        {
            return;
        }

        HashSet<StreamId> moved = [];
        using (SqliteStatements statements = new(connection))
        {
            foreach ((StreamId id, string json) in ReadAll(connection, StreamKeys))
            {
                if (moved.Add(id))
                {
                    statements.Write(RowOf(id, json));
                }
            }

            foreach ((StreamId id, string json) in ReadAll(connection, HistoryKeys))
            {
                statements.Append(RowsOf(id, json));
            }
        }

        using SqliteCommand drop = connection.CreateCommand();
        drop.CommandText = "DROP TABLE state";
        drop.ExecuteNonQuery();
    }

    private static bool HasOldTable(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'state'";
        return command.ExecuteScalar() is not null;
    }

    private static List<(StreamId Id, string Json)> ReadAll(SqliteConnection connection, string prefix)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT key, json FROM state WHERE key >= $from AND key < $to";
        command.Parameters.AddWithValue("$from", prefix);
        command.Parameters.AddWithValue("$to", prefix[..^1] + (char)(prefix[^1] + 1));
        using SqliteDataReader rows = command.ExecuteReader();
        List<(StreamId, string)> all = [];
        while (rows.Read())
        {
            if (StreamId.TryParse(rows.GetString(0).Split('/')[^1], out StreamId id))
            {
                all.Add((id, rows.GetString(1)));
            }
        }

        return all;
    }

    private static StreamRow RowOf(StreamId id, string json)
    {
        try
        {
            return StreamRows.Of(id, 1, StateJson.Read<StreamState>(json));
        }
        catch (JsonException)
        {
            // Kept as it is, with a wrong checksum: only this stream is then reported as damaged.
            return StreamRows.Of(id, 1, new StreamState()) with { Json = json };
        }
    }

    private static ImmutableArray<HistoryRow> RowsOf(StreamId id, string json)
    {
        try
        {
            StreamHistory history = StateJson.Read<StreamHistory>(json);
            return [.. history.Entries.Select(entry => HistoryRows.Of(id, entry)), .. history.Runs.Select(run => HistoryRows.Of(id, run))];
        }
        catch (Exception unreadable) when (unreadable is JsonException or NullReferenceException)
        {
            return []; // Also when an entry is null.
        }
    }
}
