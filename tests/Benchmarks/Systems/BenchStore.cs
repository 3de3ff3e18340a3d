using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Streams.Benchmarks.Systems;

/// <summary>The store of a benchmark's silo.</summary>
internal abstract class BenchStore
{
    /// <summary>SQLite, embedded in the silo.</summary>
    public static BenchStore Sqlite { get; } = new SqliteStore();

    /// <summary>A PostgreSQL server of its own, with fsync as in production.</summary>
    public static BenchStore Postgres { get; } = new PostgresStore();

    /// <summary>Display name.</summary>
    public abstract string Title { get; }

    /// <summary>Suffix of the names of its benchmarks.</summary>
    public abstract string Suffix { get; }

    /// <summary>Target: new events saved per second.</summary>
    public abstract double EventsAtLeast { get; }

    /// <summary>Why it is not available on this machine; null when it is.</summary>
    public virtual string? Missing => null;

    /// <summary>Creates a store, and adds it to the silo's settings.</summary>
    public abstract Task<Dictionary<string, string>> Prepare(Bench bench, Dictionary<string, string> settings);

    /// <summary>Inserts rows of 700 bytes while the silo is stopped; a few are of failed streams.</summary>
    public abstract Task Fill(StreamsSystem system, int rows);

    private sealed class SqliteStore : BenchStore
    {
        public override string Title => "SQLite";

        public override string Suffix => "";

        public override double EventsAtLeast => 5_000;

        public override Task<Dictionary<string, string>> Prepare(Bench bench, Dictionary<string, string> settings) => Task.FromResult(settings);

        public override Task Fill(StreamsSystem system, int rows)
        {
            using SqliteConnection connection = new($"Data Source={system.DatabaseFile};Pooling=False");
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandTimeout = 600;
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture,
                $"""
                 PRAGMA cache_size = -200000;
                 BEGIN;
                 WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < {rows - 1})
                 INSERT INTO streams (stream_id, version, phase, since, generation, live, kept, state, checksum)
                 SELECT printf('cam-%07d', n * 7919 % {rows}), 1, CASE WHEN n % 200000 = 7 THEN 5 ELSE 0 END, 638000000000000000 + n, n % 50, 0, 0,
                        printf('%.*c', 700, 'x'), 0 FROM number;
                 COMMIT;
                 """);
            command.ExecuteNonQuery();
            return Task.CompletedTask;
        }
    }

    private sealed class PostgresStore : BenchStore
    {
        private const string Database = "test_1";

        private PostgresServer? _server;

        public override string Title => "PostgreSQL";

        public override string Suffix => "-postgres";

        public override double EventsAtLeast => 1_000;

        public override string? Missing => PostgresServer.Missing;

        public override async Task<Dictionary<string, string>> Prepare(Bench bench, Dictionary<string, string> settings)
        {
            _server = await bench.Keep(await PostgresServer.Start(fsync: true));
            return new(settings) { ["Streams__Store__Kind"] = "Postgres", ["Streams__Store__ConnectionString"] = await _server.CreateDatabase() };
        }

        public override async Task Fill(StreamsSystem system, int rows)
        {
            await _server!.Sql(Database, string.Create(
                CultureInfo.InvariantCulture,
                $"""
                 INSERT INTO streams (stream_id, version, phase, since, generation, live, kept, state, checksum)
                 SELECT 'cam-' || lpad((n::bigint * 7919 % {rows})::text, 7, '0'), 1, CASE WHEN n % 200000 = 7 THEN 5 ELSE 0 END, 638000000000000000 + n, n % 50, false, false,
                        repeat('x', 700), 0 FROM generate_series(0, {rows - 1}) AS n
                 """));
            await _server.Sql(Database, "VACUUM ANALYZE streams");
        }
    }
}
