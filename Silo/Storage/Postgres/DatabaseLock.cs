using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>
/// The locks by which a database has one owner, held by the session that writes. A silo alone holds the owner's lock for itself. The silos of a cluster share it, and share one of
/// their cluster: whoever holds the first without the second is of another cluster. No table is needed for it; the one that is signed only names the owner.
/// </summary>
/// <param name="session">The name of our sessions.</param>
/// <param name="cluster">The cluster's id; null for a silo alone.</param>
/// <param name="time">The clock.</param>
internal sealed class DatabaseLock(string session, string? cluster, TimeProvider time)
{
    /// <summary>How long a predecessor may need to let go: the server ends a killed client's session when it notices.</summary>
    private static readonly TimeSpan Handover = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private const string OwnerKey = "hashtextextended('streams owner ' || current_schema(), 0)";

    private const string ClusterKey = "hashtextextended('streams cluster ' || current_schema() || ' ' || $1, 0)";

    /// <summary>Those who join come one after the other, so that none is seen with one lock of two.</summary>
    private const string Queue = "SELECT pg_advisory_xact_lock(hashtextextended('streams joining ' || current_schema(), 0))";

    private const string Alone = $"SELECT pg_try_advisory_lock({OwnerKey})";

    private const string Together = $"""
        SELECT CASE
            WHEN EXISTS (SELECT FROM {Holders} AS other WHERE key = {OwnerKey} AND pid <> pg_backend_pid()
                AND NOT EXISTS (SELECT FROM {Holders} AS ours WHERE ours.key = {ClusterKey} AND ours.pid = other.pid)) THEN false
            WHEN pg_try_advisory_lock_shared({OwnerKey}) THEN pg_try_advisory_lock_shared({ClusterKey})
            ELSE false END
        """;

    /// <summary>A session of our own whose connection broke may not have noticed yet.</summary>
    private const string EndOwn = $"SELECT pg_terminate_backend(pid) FROM {Holders} AS own JOIN pg_stat_activity AS activity USING (pid) "
        + $"WHERE key = {OwnerKey} AND application_name = $1 AND pid <> pg_backend_pid()";

    private const string Holders = "(SELECT pid, (classid::bigint << 32 | objid::bigint) AS key FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
        + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";

    /// <summary>A shard of the counts that no other silo has, while there are no more than 16: beyond that they wait for each other's batches.</summary>
    private const string TakeShard = "SELECT set_config('streams.shard', shard::text, false) FROM (SELECT shard FROM generate_series(0, 15) AS shard "
        + "WHERE pg_try_advisory_lock(hashtextextended('streams shard ' || current_schema() || ' ' || shard, 0)) LIMIT 1) AS free";

    /// <summary>Acquires them, for as long as the connection lives.</summary>
    /// <exception cref="DatabaseOwnedException">Somebody else has the database, and does not let go.</exception>
    public async Task Acquire(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (!await TryAcquire(connection, cancellationToken))
        {
            await Ask(connection, EndOwn, cancellationToken, session);
            if (time.GetElapsedTime(start) > Handover)
            {
                throw new DatabaseOwnedException(await FindOwner(connection, cancellationToken));
            }

            await Task.Delay(Interval, time, cancellationToken);
        }

        if (cluster is not null)
        {
            // What a session of our own still does it does no more: not even sharing may one silo write twice.
            await Ask(connection, EndOwn, cancellationToken, session);
            await Ask(connection, TakeShard, cancellationToken);
        }
    }

    /// <summary>Writes who has the database, for those whom it refuses.</summary>
    public async Task Sign(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        DatabaseOwner me = DatabaseOwner.Me(cluster);
        await Ask(
            connection,
            "INSERT INTO owner (pid, host, started_at, cluster_id) VALUES ($1, $2, $3, $4) ON CONFLICT (single) DO UPDATE SET pid = $1, host = $2, started_at = $3, cluster_id = $4",
            cancellationToken,
            me.Pid,
            me.Host,
            me.StartedAt,
            new NpgsqlParameter<string?> { TypedValue = me.Cluster });
    }

    private async Task<bool> TryAcquire(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = new(connection) { BatchCommands = { new NpgsqlBatchCommand(Queue), new NpgsqlBatchCommand(cluster is null ? Alone : Together) } };
        if (cluster is not null)
        {
            batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<string> { TypedValue = cluster });
        }

        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && reader.GetBoolean(0);
    }

    private static async Task<DatabaseOwner?> FindOwner(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await Ask(connection, "SELECT to_regclass('owner') IS NOT NULL", cancellationToken) is not true)
        {
            return null;
        }

        // An older program's table has no column for the cluster.
        await using NpgsqlCommand command = new("SELECT pid, host, started_at, to_jsonb(owner) ->> 'cluster_id' FROM owner", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new DatabaseOwner(reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetString(3))
            : null;
    }

    private static async Task<object?> Ask(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using NpgsqlCommand command = new(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
