using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Streams.Silo.Storage;
using Streams.Silo.Storage.Postgres;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Storage.Postgres;

/// <summary>The start of a silo on PostgreSQL: whom it takes a database from, and why it does not start.</summary>
public sealed class PostgresOpeningTests(SharedPostgres shared)
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_name_says_what_it_is_and_where_without_credentials()
    {
        PostgresServer server = await shared.Server;
        string database = await server.CreateDatabase();
        await using PostgresStreamStore store = await Open(database);
        Assert.Matches($@"^PostgreSQL \d+\.\d+, 127\.0\.0\.1:{server.Port}/test_\d+$", store.Name);
    }

    [Fact]
    public async Task It_is_reached_by_a_Unix_socket_as_well()
    {
        PostgresServer server = await shared.Server;
        string database = new NpgsqlConnectionStringBuilder(await server.CreateDatabase()) { Host = server.SocketFolder }.ConnectionString;
        await using PostgresStreamStore store = await Open(database);
        await store.Check(Ended);
        Assert.Contains($"{server.SocketFolder}:{server.Port}/test_", store.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_silo_is_refused_and_told_who_has_it_until_that_one_ends()
    {
        string database = await (await shared.Server).CreateDatabase();
        await using (PostgresStreamStore first = await Open(database))
        {
            string message = await Refused(database);
            Assert.Contains("in use by another silo", message, StringComparison.Ordinal);
            Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}, started 20", message, StringComparison.Ordinal);
            await first.Write(PostgresRows.Of("a"));
        }

        await using PostgresStreamStore second = await Open(database);
        Assert.NotNull(await second.Read(StreamId.Parse("a")));
    }

    [Fact]
    public async Task Of_several_that_start_at_once_one_gets_the_database()
    {
        string database = await (await shared.Server).CreateDatabase();
        Task<PostgresStreamStore>[] openings = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => Open(database)))];
        await Task.WhenAll(openings.Select(static opening => (Task)opening)).ContinueWith(static _ => { }, TaskScheduler.Default);

        Task<PostgresStreamStore> winner = Assert.Single(openings, static opening => opening.IsCompletedSuccessfully);
        Assert.All(openings.Where(static opening => opening.IsFaulted), static opening => Assert.IsType<StorageUnusableException>(opening.Exception!.InnerException));
        await using PostgresStreamStore store = await winner;
        await store.Check(Ended);
    }

    [Fact]
    public async Task The_schema_is_made_once_by_those_that_make_it_at_once()
    {
        PostgresServer server = await shared.Server;
        string database = await server.CreateDatabase();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using NpgsqlConnection connection = new(database);
            await connection.OpenAsync(Ended);
            await PostgresSchema.Migrate(connection, "here", Ended);
        })));
        Assert.Equal($"{PostgresSchema.Version}", await server.Sql(new NpgsqlConnectionStringBuilder(database).Database!, "SELECT version FROM schema_version"));
    }

    [Fact]
    public async Task A_newer_schema_is_left_as_it_is()
    {
        PostgresServer server = await shared.Server;
        string database = await server.CreateDatabase();
        string name = new NpgsqlConnectionStringBuilder(database).Database!;
        await (await Open(database)).DisposeAsync();
        await server.Sql(name, "UPDATE schema_version SET version = 99");

        Assert.Contains("a schema of version 99, and this program knows versions up to", await Refused(database), StringComparison.Ordinal);
        Assert.Equal("99", await server.Sql(name, "SELECT version FROM schema_version"));
    }

    [Fact]
    public void An_old_server_is_refused()
    {
        PostgresRequirements.Check(new Version(15, 0), "here");
        StorageUnusableException old = Assert.Throws<StorageUnusableException>(static () => PostgresRequirements.Check(new Version(14, 12), "here"));
        Assert.Contains("is of version 14, and this program needs 15 or later", old.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_at_once_and_not_repeated()
    {
        PostgresServer server = await shared.Server;
        string wrong = new NpgsqlConnectionStringBuilder(await server.CreateDatabase()) { Password = "not-the-secret" }.ConnectionString;
        string message = await Refused(wrong);
        Assert.Contains("refuses the user or the password", message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_missing_is_named()
    {
        string message = await Refused((await shared.Server).ConnectionString("nowhere"));
        Assert.Contains("/nowhere has no such database", message, StringComparison.Ordinal);
        Assert.Contains("createdb", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Password=half;of-it-secret")]
    [InlineData("Host=127.0.0.1;Port=secret")]
    [InlineData("Password=secret")]
    [InlineData("secret")]
    public async Task A_connection_string_that_cannot_be_read_is_not_shown(string connectionString)
    {
        StorageUnusableException unusable = await Assert.ThrowsAsync<StorageUnusableException>(() => Open(connectionString));
        Assert.Contains("STREAMS_STORE_CONNECTION", unusable.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", unusable.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_make_tables_is_told_what_to_grant()
    {
        PostgresServer server = await shared.Server;
        string database = await AsPlainUser(server, await server.CreateDatabase());
        string message = await Refused(database);
        Assert.Contains("no permission", message, StringComparison.Ordinal);
        Assert.Contains("GRANT USAGE, CREATE ON SCHEMA public", message, StringComparison.Ordinal);
    }

    /// <summary>An extension needs more rights than a table; without it searches are slower, and right.</summary>
    [Fact]
    public async Task Without_the_right_to_the_extension_it_searches_without_its_index()
    {
        PostgresServer server = await shared.Server;
        string database = await server.CreateDatabase();
        string name = new NpgsqlConnectionStringBuilder(database).Database!;
        string plain = await AsPlainUser(server, database);
        await server.Sql(name, $"GRANT USAGE, CREATE ON SCHEMA public TO {new NpgsqlConnectionStringBuilder(plain).Username}");
        await using PostgresStreamStore store = await Open(plain);
        await store.Write(PostgresRows.Of("cam-1"));
        Assert.Equal(1, (await store.List(new StreamListQuery { Search = "AM-" }, Ended)).Total);
        Assert.Equal("", await server.Sql(name, "SELECT to_regclass('streams_by_part')"));
    }

    [Fact]
    public async Task A_read_only_database_is_refused()
    {
        PostgresServer server = await shared.Server;
        string database = await server.CreateDatabase();
        await (await Open(database)).DisposeAsync();
        string name = new NpgsqlConnectionStringBuilder(database).Database!;
        await server.Sql("postgres", $"ALTER DATABASE {name} SET default_transaction_read_only = on");
        Assert.Contains("is read-only", await Refused(database), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_waited_for_and_then_named()
    {
        int port = FreePorts.Next();
        FakeTimeProvider clock = new();
        Task<PostgresStreamStore> opening = PostgresStreamStore.Open($"Host=127.0.0.1;Port={port};Database=d;Username=u;Password=secret", clock, Ended);
        int steps = 0;
        await Eventually.True(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                steps++;
                return opening.IsCompleted;
            },
            "the end of the waiting");

        StorageUnusableException unusable = await Assert.ThrowsAsync<StorageUnusableException>(() => opening);
        Assert.Contains($"127.0.0.1:{port}/d cannot be reached: Connection refused", unusable.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", unusable.ToString(), StringComparison.Ordinal);
        Assert.True(steps >= 30, $"It was given up after {steps} s.");
    }

    [Fact]
    public async Task The_waiting_can_be_ended()
    {
        using CancellationTokenSource ends = new();
        Task<PostgresStreamStore> opening = PostgresStreamStore.Open($"Host=127.0.0.1;Port={FreePorts.Next()};Database=d;Username=u", TimeProvider.System, ends.Token);
        Assert.False(opening.IsCompleted);
        await ends.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening.WaitAsync(Eventually.Patience, Ended));
    }

    [Fact]
    public async Task A_server_that_starts_beside_it_is_waited_for()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using PostgresServer server = await PostgresServer.Start();
        string database = await server.CreateDatabase();
        await server.Kill();
        Task<PostgresStreamStore> opening = Open(database);
        await server.StartAgain();
        await using PostgresStreamStore store = await opening;
        await store.Check(Ended);
    }

    private static Task<PostgresStreamStore> Open(string database) => PostgresStreamStore.Open(database, TimeProvider.System, Ended);

    /// <summary>Why it does not open. No failure has the password.</summary>
    private async Task<string> Refused(string database)
    {
        StorageUnusableException unusable = await Assert.ThrowsAsync<StorageUnusableException>(() => Open(database));
        Assert.DoesNotContain((await shared.Server).Password, unusable.ToString(), StringComparison.Ordinal);
        return unusable.Message;
    }

    private static async Task<string> AsPlainUser(PostgresServer server, string database)
    {
        string user = $"plain_{Guid.NewGuid():N}";
        await server.Sql("postgres", $"CREATE ROLE {user} LOGIN PASSWORD '{server.Password}'");
        return new NpgsqlConnectionStringBuilder(database) { Username = user }.ConnectionString;
    }
}
