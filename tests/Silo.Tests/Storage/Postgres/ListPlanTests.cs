using Npgsql;
using Streams.Silo.Storage.Postgres;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Storage.Postgres;

/// <summary>How PostgreSQL finds a page among many streams: by indexes, without reading the streams that are not on it.</summary>
public sealed class ListPlanTests(SharedPostgres shared) : IAsyncLifetime
{
    private const int Many = 100_000;
    private PostgresServer _server = null!;
    private PostgresStreamStore _store = null!;
    private string _database = null!;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await shared.Server;
        string connection = await _server.CreateDatabase();
        _database = new NpgsqlConnectionStringBuilder(connection).Database!;
        _store = await PostgresStreamStore.Open(connection, TimeProvider.System, Ended);
        await _server.Sql(
            _database,
            $"""
            INSERT INTO streams (stream_id, version, phase, since, generation, live, kept, state, checksum)
            SELECT 'cam-' || i, 1, CASE WHEN i % 1000 = 0 THEN 2 ELSE 0 END, i * 7919::bigint % {Many}, i % 40, i % 1000 = 0, i % 1000 = 1, repeat('x', 500), 0
            FROM generate_series(1, {Many}) AS i
            """);
        await _server.Sql(_database, "VACUUM ANALYZE streams");
    }

    public ValueTask DisposeAsync() => _store?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task No_page_reads_all_streams()
    {
        foreach (StreamListQuery query in Queries())
        {
            string plan = await _server.Sql(_database, $"EXPLAIN {PostgresListSql.Page(query, Many).Replace("$1", "'%m-77%'", StringComparison.Ordinal)}");
            Assert.False(plan.Contains("Seq Scan on streams", StringComparison.Ordinal), $"{query}:\n{plan}");
        }
    }

    [Fact]
    public async Task Counts_and_sizes_of_lists_are_not_counted_one_by_one()
    {
        foreach (StreamListQuery query in Queries().Where(static query => query.Search.Length == 0))
        {
            string plan = await _server.Sql(_database, $"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {PostgresListSql.Total(query)}");
            Assert.False(plan.Contains($"rows={Many * 99 / 100}", StringComparison.Ordinal) || plan.Contains("Seq Scan on streams ", StringComparison.Ordinal), $"{query}:\n{plan}");
        }
    }

    [Fact]
    public async Task Of_many_streams_every_page_and_total_is_right()
    {
        const int Running = Many / 1000;
        Assert.Equal([new PhaseCount(StreamPhase.Offline, Many - Running), new PhaseCount(StreamPhase.Running, Running)], await _store.Count("", Ended));
        Assert.Equal(Running, (await _store.ListActive(Ended)).Length);
        Assert.Equal(Many - Running, (await _store.List(new StreamListQuery { IsActive = false, Take = 0 }, Ended)).Total);
        Assert.Equal(0, (await _store.List(new StreamListQuery { IsActive = false, Phases = [StreamPhase.Running], Take = 0 }, Ended)).Total);
        Assert.Equal(1_111, (await _store.List(new StreamListQuery { Search = "AM-77" }, Ended)).Total);

        StreamListQuery bySince = new() { Sort = StreamSort.Since, Take = 3 };
        foreach (long skip in (long[])[0, 40_000, 50_001, 99_997, 99_999])
        {
            StreamListPage page = await _store.List(bySince with { Skip = skip }, Ended);
            Assert.Equal(Many, page.Total);
            Assert.Equal(Enumerable.Range((int)skip, (int)Math.Min(3, Many - skip)).Select(static since => (long)since), page.Items.Select(static entry => entry.Since.Ticks));
            StreamListPage other = await _store.List(bySince with { Skip = skip, IsDescending = true }, Ended);
            Assert.Equal(page.Items.Select(static entry => Many - 1 - entry.Since.Ticks), other.Items.Select(static entry => entry.Since.Ticks));
        }
    }

    private static IEnumerable<StreamListQuery> Queries() =>
        from sort in Enum.GetValues<StreamSort>()
        from isDescending in (bool[])[false, true]
        from query in (StreamListQuery[])
        [
            new(),
            new() { Skip = 90_000 },
            new() { Phases = [StreamPhase.Offline] },
            new() { Phases = [StreamPhase.Running] },
            new() { IsActive = true },
            new() { IsActive = false },
            new() { Search = "m-77" },
        ]
        select query with { Sort = sort, IsDescending = isDescending };
}
