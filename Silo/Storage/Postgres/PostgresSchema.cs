using System.Globalization;
using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>
/// The schema migrations, as numbered steps from each version to the next. Missing steps are applied at the start, in one transaction and under a
/// lock: of two programs that start at once, the second finds them applied.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>The steps in order; a step's number is the version that it creates. Existing steps never change.</summary>
    private static readonly string[] Steps =
    [
        // 1. Every index that sorts the list includes the filter columns, so that skipping rows (for a later page) reads the index only. That requires
        // vacuumed pages, so autovacuum runs sooner than by default. Counting a million index entries takes 0.1 s, so triggers keep a count for each phase;
        // each session updates a row of its own.
        """
        CREATE TABLE streams (
            stream_id text COLLATE "C" NOT NULL CHECK (stream_id ~ '^[A-Za-z0-9_-]{1,64}$'),
            version bigint NOT NULL,
            phase smallint NOT NULL,
            since bigint NOT NULL, -- ticks (100 ns) of UTC since the year 1
            generation bigint NOT NULL,
            live boolean NOT NULL,
            kept boolean NOT NULL,
            profile text,
            state text NOT NULL,
            checksum bigint NOT NULL,
            CONSTRAINT streams_pkey PRIMARY KEY (stream_id) INCLUDE (phase, live)
        ) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
        CREATE INDEX streams_by_phase ON streams (phase, stream_id) INCLUDE (live);
        CREATE INDEX streams_by_since ON streams (since, stream_id) INCLUDE (phase, live);
        CREATE INDEX streams_by_generation ON streams (generation, stream_id) INCLUDE (phase, live);
        CREATE INDEX streams_active ON streams (stream_id) WHERE live OR phase <> 0;
        CREATE INDEX streams_spared ON streams (stream_id) WHERE phase = 0 AND (live OR kept);
        CREATE INDEX streams_forgettable ON streams (since, stream_id) WHERE phase = 0 AND NOT live AND NOT kept;

        CREATE TABLE history (
            stream_id text COLLATE "C" NOT NULL,
            number bigint NOT NULL,
            kind smallint NOT NULL,
            at bigint NOT NULL, -- ticks (100 ns) of UTC since the year 1
            entry text NOT NULL,
            checksum bigint NOT NULL,
            PRIMARY KEY (stream_id, number)
        );

        CREATE TABLE stream_counts (
            phase smallint NOT NULL,
            shard smallint NOT NULL,
            streams bigint NOT NULL,
            PRIMARY KEY (phase, shard)
        ) WITH (fillfactor = 10);
        CREATE FUNCTION count_streams(counted_phase smallint, change bigint) RETURNS void LANGUAGE sql AS $$
            INSERT INTO stream_counts AS c (phase, shard, streams) VALUES (counted_phase, pg_backend_pid() % 16, change)
            ON CONFLICT (phase, shard) DO UPDATE SET streams = c.streams + excluded.streams
        $$;
        CREATE FUNCTION count_inserted_streams() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM count_streams(phase, count(*)) FROM changed GROUP BY phase;
            RETURN NULL;
        END $$;
        CREATE FUNCTION count_deleted_streams() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM count_streams(phase, -count(*)) FROM changed GROUP BY phase;
            RETURN NULL;
        END $$;
        CREATE FUNCTION count_moved_stream() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM count_streams(OLD.phase, -1);
            PERFORM count_streams(NEW.phase, 1);
            RETURN NULL;
        END $$;
        CREATE FUNCTION count_no_streams() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM stream_counts;
            RETURN NULL;
        END $$;
        CREATE TRIGGER count_inserted AFTER INSERT ON streams REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_streams();
        CREATE TRIGGER count_deleted AFTER DELETE ON streams REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_deleted_streams();
        CREATE TRIGGER count_moved AFTER UPDATE OF phase ON streams FOR EACH ROW WHEN (OLD.phase <> NEW.phase) EXECUTE FUNCTION count_moved_stream();
        CREATE TRIGGER count_none AFTER TRUNCATE ON streams FOR EACH STATEMENT EXECUTE FUNCTION count_no_streams();

        CREATE TABLE owner (
            single boolean PRIMARY KEY DEFAULT true CHECK (single),
            pid integer NOT NULL,
            host text NOT NULL,
            started_at timestamptz NOT NULL
        );
        CREATE TABLE probe (
            single boolean PRIMARY KEY DEFAULT true CHECK (single),
            number bigint NOT NULL
        );
        """,

        // 2. Several silos of one cluster: who they are, and which cluster has the database. Each silo counts streams in a shard that no other has
        // (DatabaseLock): two that share one would wait for each other, in a ring at worst.
        """
        CREATE TABLE membership_versions (
            cluster_id text COLLATE "C" PRIMARY KEY,
            version integer NOT NULL,
            etag uuid NOT NULL
        );
        CREATE TABLE membership (
            cluster_id text COLLATE "C" NOT NULL REFERENCES membership_versions ON DELETE CASCADE,
            address text COLLATE "C" NOT NULL, -- address:port@generation
            etag uuid NOT NULL, -- of the version that changed it last
            silo_name text NOT NULL,
            host_name text NOT NULL,
            status smallint NOT NULL, -- 1 created, 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead
            gateway_port integer NOT NULL, -- 0 for none
            started_at timestamptz NOT NULL,
            alive_at timestamptz NOT NULL,
            suspected_by text[] NOT NULL,
            suspected_at timestamptz[] NOT NULL,
            PRIMARY KEY (cluster_id, address)
        ) WITH (fillfactor = 50); -- each silo writes alive_at every few seconds

        ALTER TABLE owner ADD COLUMN cluster_id text;
        CREATE OR REPLACE FUNCTION count_streams(counted_phase smallint, change bigint) RETURNS void LANGUAGE sql AS $$
            INSERT INTO stream_counts AS c (phase, shard, streams)
            VALUES (counted_phase, coalesce(nullif(current_setting('streams.shard', true), '')::integer, pg_backend_pid() % 16), change)
            ON CONFLICT (phase, shard) DO UPDATE SET streams = c.streams + excluded.streams
        $$;
        """,

        // 3. Several media servers: the one that a stream is published at, or was last; null for the one that was the only one.
        """
        ALTER TABLE streams ADD COLUMN node text;
        """,

        // 4. The keys with which silos of one cluster protect browser sessions (PostgresSessionKeys).
        """
        CREATE TABLE session_keys (
            name text COLLATE "C" PRIMARY KEY,
            stored_at timestamptz NOT NULL DEFAULT now(),
            element text NOT NULL -- the XML of ASP.NET Core's data protection
        );
        """,
    ];

    /// <summary>The schema version of this program.</summary>
    public static int Version => Steps.Length;

    /// <summary>Migrates the schema to <see cref="Version"/>.</summary>
    /// <exception cref="StorageUnusableException">The schema is newer than this program.</exception>
    public static async Task Migrate(NpgsqlConnection connection, string target, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Execute(connection, "SELECT pg_advisory_xact_lock(hashtextextended('streams schema ' || current_schema(), 0))", cancellationToken);
        int version = await FindVersion(connection, cancellationToken);
        if (version > Version)
        {
            throw new StorageUnusableException(
                $"The database at {target} has a schema of version {version}, and this program knows versions up to {Version}. Use the newer program, or another database.",
                new InvalidOperationException("A newer schema."));
        }

        if (version < Version)
        {
            await Execute(connection, "CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)", cancellationToken);
            foreach (string step in Steps[version..])
            {
                await Execute(connection, step, cancellationToken);
            }

            await Execute(
                connection,
                string.Create(CultureInfo.InvariantCulture, $"DELETE FROM schema_version; INSERT INTO schema_version (version) VALUES ({Version})"),
                cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Creates the index for searches within ids, if pg_trgm is available and permitted. Without it, a search reads the ids of all streams.
    /// </summary>
    public static async Task TryIndexSearch(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            if (await Scalar(connection, "SELECT to_regclass('streams_by_part') IS NOT NULL", cancellationToken) is not true)
            {
                await Execute(
                    connection,
                    "CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE INDEX IF NOT EXISTS streams_by_part ON streams USING gin (stream_id gin_trgm_ops)",
                    cancellationToken);
            }
        }
        catch (PostgresException refused) when (!PostgresErrors.BreaksConnection(refused))
        {
            // Not installed on the server, or not permitted: searches are slower, but correct.
        }
    }

    private static async Task<int> FindVersion(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await Scalar(connection, "SELECT to_regclass('schema_version') IS NOT NULL", cancellationToken) is true
            && await Scalar(connection, "SELECT max(version) FROM schema_version", cancellationToken) is int version
                ? version
                : 0;

    private static async Task<object?> Scalar(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
