using Npgsql;
using Orleans.Storage;
using Streams.Silo.Storage;
using Streams.Silo.Storage.Postgres;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Storage.Postgres;

/// <summary>A database that the silos of one cluster share: whom it lets in, and what two silos do to each other's rows.</summary>
public sealed class ClusterStoreTests(SharedPostgres shared)
{
    private const string Cluster = "streams-eu";

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silos_of_one_cluster_share_a_database_and_see_each_others_saves()
    {
        string database = await NewDatabase();
        await using PostgresStreamStore one = await Open(database, Cluster);
        await using PostgresStreamStore two = await Open(database, Cluster);
        await one.Write(PostgresRows.Of("a"));
        await two.Write(PostgresRows.Of("a", 2));
        await two.Write(PostgresRows.Of("b"));
        Assert.Equal(2, (await one.Read(StreamId.Parse("a")))!.Version);
        Assert.Equal(2, (await one.List(new StreamListQuery { Take = 10 }, Ended)).Total);
        Assert.Equal(2, Assert.Single(await one.Count("", Ended)).Streams);
    }

    [Fact]
    public async Task Silos_that_start_at_once_make_the_tables_once_and_all_get_in()
    {
        string database = await NewDatabase();
        PostgresStreamStore[] stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Open(database, Cluster))));
        await Task.WhenAll(stores.Select((store, number) => store.Write(PostgresRows.Of($"s{number}"))));
        Assert.Equal(6, (await stores[0].List(new StreamListQuery { Take = 10 }, Ended)).Total);
        await Task.WhenAll(stores.Select(static store => store.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_silo_that_is_in_no_cluster_is_refused_until_the_last_of_the_cluster_has_ended()
    {
        string database = await NewDatabase();
        PostgresStreamStore one = await Open(database, Cluster);
        await using (PostgresStreamStore two = await Open(database, Cluster))
        {
            await one.DisposeAsync();
            string message = await Refused(database, null);
            Assert.Contains($"in use by cluster '{Cluster}', of which the last to join was process {Environment.ProcessId} on {Environment.MachineName}", message, StringComparison.Ordinal);
            Assert.Contains("STREAMS_CLUSTERING=localhost", message, StringComparison.Ordinal);
            await two.Check(Ended);
        }

        await using PostgresStreamStore alone = await Open(database, null);
        await alone.Check(Ended);
    }

    [Fact]
    public async Task A_silo_of_a_cluster_is_refused_beside_one_that_is_in_none()
    {
        string database = await NewDatabase();
        await using (PostgresStreamStore alone = await Open(database, null))
        {
            string message = await Refused(database, Cluster);
            Assert.Contains($"a silo that is in no cluster: process {Environment.ProcessId} on {Environment.MachineName}", message, StringComparison.Ordinal);
            Assert.Contains($"cluster '{Cluster}'", message, StringComparison.Ordinal);
            await alone.Check(Ended);
        }

        await (await Open(database, Cluster)).DisposeAsync();
    }

    [Fact]
    public async Task Another_cluster_is_refused_by_name_until_the_first_has_ended()
    {
        string database = await NewDatabase();
        await using (PostgresStreamStore first = await Open(database, Cluster))
        {
            string message = await Refused(database, "streams-us");
            Assert.Contains($"in use by cluster '{Cluster}'", message, StringComparison.Ordinal);
            Assert.Contains("This silo is of cluster 'streams-us' (Streams:Cluster:ClusterId)", message, StringComparison.Ordinal);
        }

        await (await Open(database, "streams-us")).DisposeAsync();
    }

    [Fact]
    public async Task Of_two_clusters_that_start_at_once_one_gets_the_database()
    {
        string database = await NewDatabase();
        Task<PostgresStreamStore>[] openings = [.. Enumerable.Range(0, 6).Select(number => Task.Run(() => Open(database, $"cluster-{number % 2}")))];
        await Task.WhenAll(openings.Select(static opening => (Task)opening)).ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.Equal(3, openings.Count(static opening => opening.IsCompletedSuccessfully));
        Assert.Single(openings.Index().Where(static opening => opening.Item.IsCompletedSuccessfully).Select(static opening => opening.Index % 2).Distinct());
        foreach (Task<PostgresStreamStore> opening in openings.Where(static opening => opening.IsCompletedSuccessfully))
        {
            await (await opening).DisposeAsync();
        }
    }

    [Fact]
    public async Task Of_two_saves_over_one_version_one_wins_whatever_the_silo()
    {
        string database = await NewDatabase();
        await using PostgresStreamStore one = await Open(database, Cluster);
        await using PostgresStreamStore two = await Open(database, Cluster);
        for (int version = 1; version <= 20; version++)
        {
            StreamRow row = PostgresRows.Of("a", version);
            bool[] won = await Task.WhenAll(Try(one, row), Try(two, row));
            Assert.Single(won, static has => has);
        }

        Assert.Equal(20, (await one.Read(StreamId.Parse("a")))!.Version);
    }

    /// <summary>Batches of both change the counts of the same phases in any order: they neither wait for each other in a ring nor lose a count.</summary>
    [Fact]
    public async Task Silos_that_move_many_streams_at_once_hold_each_other_up_for_no_count()
    {
        string database = await NewDatabase();
        PostgresStreamStore[] stores = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Open(database, Cluster)));
        await Task.WhenAll(stores.SelectMany((store, silo) => Enumerable.Range(0, 30).Select(async number =>
        {
            for (int version = 1; version <= 6; version++)
            {
                StreamRow row = PostgresRows.Of($"s{silo}-{number}", version) with { Phase = (StreamPhase)((version + number) % 6) };
                await store.Write(row with { Checksum = RowChecksum.Of(row) });
            }
        })));
        Assert.Equal(90, (await stores[0].Count("", Ended)).Sum(static count => count.Streams));
        Assert.All(await stores[1].Count("", Ended), static count => Assert.Equal(15, count.Streams));
        await Task.WhenAll(stores.Select(static store => store.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Each_silo_checks_what_it_has_written_whatever_the_others_write()
    {
        string database = await NewDatabase();
        PostgresStreamStore[] stores = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Open(database, Cluster)));
        await Task.WhenAll(stores.Select(async store =>
        {
            for (int check = 0; check < 20; check++)
            {
                await store.Check(Ended);
            }
        }));
        await Task.WhenAll(stores.Select(static store => store.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_replaced_and_the_cluster_still_has_the_database()
    {
        PostgresServer server = await shared.Server;
        string database = await server.CreateDatabase();
        string name = new NpgsqlConnectionStringBuilder(database).Database!;
        await using PostgresStreamStore one = await Open(database, Cluster);
        await using PostgresStreamStore two = await Open(database, Cluster);
        await server.Sql(name, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND application_name LIKE 'streams {Environment.ProcessId} %'");
        await Eventually.Get(
            async () =>
            {
                await one.Check(Ended);
                await two.Check(Ended);
                return true;
            },
            static works => works,
            "both stores again");
        await one.Write(PostgresRows.Of("a"));
        Assert.Contains($"cluster '{Cluster}'", await Refused(database, null), StringComparison.Ordinal);
    }

    /// <summary>Version 2 added what a cluster needs.</summary>
    [Fact]
    public async Task A_database_of_the_first_version_keeps_its_streams()
    {
        PostgresServer server = await shared.Server;
        string database = await server.CreateDatabase();
        string name = new NpgsqlConnectionStringBuilder(database).Database!;
        await using (PostgresStreamStore store = await Open(database, null))
        {
            await store.Write(PostgresRows.Of("a"));
        }

        await server.Sql(name, "DROP TABLE membership, membership_versions, session_keys; ALTER TABLE streams DROP COLUMN node; ALTER TABLE owner DROP COLUMN cluster_id; UPDATE schema_version SET version = 1");
        await using (NpgsqlConnection older = new(database + ";Pooling=false"))
        {
            // A silo of the older program, which knows no cluster.
            await older.OpenAsync(Ended);
            await using NpgsqlCommand takes = new("SELECT pg_advisory_lock(hashtextextended('streams owner ' || current_schema(), 0))", older);
            await takes.ExecuteNonQueryAsync(Ended);
            Assert.Contains("a silo that is in no cluster: process", await Refused(database, Cluster), StringComparison.Ordinal);
        }

        await using PostgresStreamStore member = await Open(database, Cluster);
        Assert.Equal(PostgresRows.Of("a") with { Node = null }, await member.Read(StreamId.Parse("a")));
        Assert.Equal(1, Assert.Single(await member.Count("", Ended)).Streams);
        Assert.Equal($"{PostgresSchema.Version}", await server.Sql(name, "SELECT version FROM schema_version"));
        Assert.Equal(Cluster, await server.Sql(name, "SELECT cluster_id FROM owner"));
    }

    private static Task<PostgresStreamStore> Open(string database, string? cluster) => PostgresStreamStore.Open(database, cluster, TimeProvider.System, Ended);

    private static async Task<string> Refused(string database, string? cluster) =>
        (await Assert.ThrowsAsync<StorageUnusableException>(() => Open(database, cluster))).Message;

    private static async Task<bool> Try(PostgresStreamStore store, StreamRow row)
    {
        try
        {
            await store.Write(row);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    private async Task<string> NewDatabase() => await (await shared.Server).CreateDatabase();
}
