using Npgsql;
using NpgsqlTypes;

namespace Streams.Silo.Storage.Postgres;

/// <summary>Creates the statements that change rows. Pure.</summary>
internal static class WriteCommands
{
    /// <summary>The most streams removed at once: with full histories about 50,000 rows, for which all other writes wait.</summary>
    public const int MaxForgotten = 250;

    /// <summary>A history is trimmed after every so many added rows.</summary>
    private const int HistorySlack = 16;

    private const string Insert = "INSERT INTO streams (stream_id, version, phase, since, generation, live, kept, profile, state, checksum, node) "
        + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";

    private const string Update = "UPDATE streams SET version = $2, phase = $3, since = $4, generation = $5, live = $6, kept = $7, profile = $8, state = $9, checksum = $10, node = $11 "
        + "WHERE stream_id = $1 AND version = $2 - 1";

    private const string Forget = """
        WITH old AS (
            SELECT stream_id FROM streams WHERE phase = 0 AND NOT live AND NOT kept ORDER BY since, stream_id LIMIT $1
        ), gone AS (
            DELETE FROM streams USING old WHERE streams.stream_id = old.stream_id AND phase = 0 AND NOT live AND NOT kept RETURNING streams.stream_id
        ), cleared AS (
            DELETE FROM history USING gone WHERE history.stream_id = gone.stream_id
        )
        SELECT stream_id FROM gone
        """;

    /// <summary>Adds a row, and now and then trims the history, which reads all of it.</summary>
    private static readonly string Append = $"""
        WITH added AS (
            INSERT INTO history (stream_id, number, kind, at, entry, checksum)
            SELECT $1, coalesce((SELECT max(number) FROM history WHERE stream_id = $1), 0) + 1, $2, $3, $4, $5
            WHERE EXISTS (SELECT FROM streams WHERE stream_id = $1)
            RETURNING number
        )
        DELETE FROM history USING (
            SELECT number, kind, row_number() OVER (PARTITION BY kind ORDER BY number DESC) AS place FROM history WHERE stream_id = $1
        ) AS ranked
        WHERE (SELECT number % {HistorySlack} = 0 FROM added) AND history.stream_id = $1 AND history.number = ranked.number
        AND ranked.place > CASE ranked.kind {HistoryBounds.Cases} END
        """;

    /// <summary>Saves a row over its previous version; affects 0 rows when another version is saved.</summary>
    public static WriteCommand Save(StreamRow row) => new(row.StreamId.Value, () => Command(
        row.Version == 1 ? Insert : Update,
        Text(row.StreamId.Value),
        Long(row.Version),
        Short((int)row.Phase),
        Long(row.SinceTicks),
        Long(row.Generation),
        Flag(row.IsLive),
        Flag(row.IsKept),
        Text(row.Profile),
        Text(row.Json),
        Long(row.Checksum),
        Text(row.Node)));

    /// <summary>Removes a stream's row; <see cref="DropHistory"/> removes its history.</summary>
    public static WriteCommand Drop(StreamId id) => new(id.Value, () => Command("DELETE FROM streams WHERE stream_id = $1", Text(id.Value)));

    /// <summary>Removes a stream's history.</summary>
    public static WriteCommand DropHistory(StreamId id) => new(id.Value, () => Command("DELETE FROM history WHERE stream_id = $1", Text(id.Value)));

    /// <summary>Adds a row to a history, if its stream is saved.</summary>
    public static WriteCommand AppendHistory(HistoryRow row) => new(row.StreamId.Value, () => Command(
        Append, Text(row.StreamId.Value), Short((int)row.Kind), Long(row.AtTicks), Text(row.Json), Long(row.Checksum)));

    /// <summary>Removes the streams that have been offline longest.</summary>
    public static WriteCommand ForgetOldest(int streams) => new("", () => Command(Forget, Long(streams)));

    /// <summary>Changes nothing, but fails unless the tables exist and can be written.</summary>
    public static IEnumerable<WriteCommand> ProbeTables =>
    [
        new("", static () => Command(
            "UPDATE streams SET version = version, phase = phase, since = since, generation = generation, live = live, kept = kept, profile = profile, state = state, checksum = checksum WHERE stream_id = ''")),
        new("", static () => Command("DELETE FROM history WHERE stream_id = '' AND number = -1")),
        new("", static () => Command("UPDATE stream_counts SET streams = streams WHERE phase = -1 AND shard = -1")),
    ];

    /// <summary>Writes the probe row, to check that writing works.</summary>
    public static WriteCommand Probe(long number) => new("", () => Command(
        "INSERT INTO probe (number) VALUES ($1) ON CONFLICT (single) DO UPDATE SET number = greatest(probe.number, excluded.number)", Long(number)));

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (NpgsqlParameter parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter<long> Long(long value) => new() { NpgsqlDbType = NpgsqlDbType.Bigint, TypedValue = value };

    private static NpgsqlParameter<short> Short(int value) => new() { NpgsqlDbType = NpgsqlDbType.Smallint, TypedValue = (short)value };

    private static NpgsqlParameter<bool> Flag(bool value) => new() { NpgsqlDbType = NpgsqlDbType.Boolean, TypedValue = value };
}
