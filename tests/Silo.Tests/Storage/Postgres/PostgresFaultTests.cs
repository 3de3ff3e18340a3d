using Npgsql;
using Streams.Silo.Storage;
using Streams.Silo.Storage.Postgres;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Storage.Postgres;

/// <summary>A server that ends, hangs or refuses to write while a silo uses it. Each test has a server of its own.</summary>
public sealed class PostgresFaultTests : IAsyncLifetime
{
    private const string Database = "test_1";
    private PostgresServer _server = null!;
    private PostgresStreamStore _store = null!;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        _server = await PostgresServer.Start();
        _store = await PostgresStreamStore.Open(await _server.CreateDatabase(), TimeProvider.System, Ended);
        await _store.Write(PostgresRows.Of("before"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task While_the_server_is_away_all_fails_with_the_reason_and_goes_on_by_itself_after()
    {
        await _server.Kill();
        foreach (Func<Task> use in Uses())
        {
            StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(use);
            Assert.Contains($"127.0.0.1:{_server.Port}/{Database}", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(_server.Password, failure.ToString(), StringComparison.Ordinal);
        }

        StoreUnavailableException refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.Check(Ended));
        Assert.Contains("cannot be reached: Connection refused", refused.Message, StringComparison.Ordinal);

        await _server.StartAgain();

        await Works("a store whose server is back");
        Assert.NotNull(await _store.Read(StreamId.Parse("before")));
    }

    [Fact]
    public async Task A_server_that_hangs_holds_nobody_and_is_used_again_when_it_runs_on()
    {
        await _store.List(new StreamListQuery(), Ended); // A connection for reading hangs as well.
        _server.Freeze();
        Task<Exception?>[] writes = [.. Enumerable.Range(0, 10_600).Select(i => Record.ExceptionAsync(() => _store.Write(PostgresRows.Of($"s{i}"))).AsTask())];
        Task<Exception?>[] others = [.. Enumerable.Range(0, 20).SelectMany(_ => Uses()).Select(use => Record.ExceptionAsync(use).AsTask())];

        Exception?[] failures = await Task.WhenAll([.. writes, .. others]).WaitAsync(Eventually.Patience, Ended);

        Assert.All(failures, static failure => Assert.IsType<StoreUnavailableException>(failure));
        Assert.Contains(failures, static failure => failure!.Message.Contains("has not answered for 5 s", StringComparison.Ordinal));
        Assert.Contains(failures, static failure => failure!.Message.Contains("10000 writes wait for it, and no more are accepted", StringComparison.Ordinal));

        _server.Thaw();

        await Works("a store whose server runs on");
        await Assert.ThrowsAsync<Orleans.Storage.InconsistentStateException>(() => _store.Write(PostgresRows.Of("before")));
        Assert.InRange(await SavedOf("s"), 0, 512); // What was sent may take effect; what waited when its caller was told so is not written later.
    }

    [Fact]
    public async Task A_silo_can_end_while_its_server_hangs()
    {
        await _store.List(new StreamListQuery(), Ended);
        _server.Freeze();
        Task<Exception?>[] uses = [.. Uses().Select(use => Record.ExceptionAsync(use).AsTask())];

        await _store.DisposeAsync().AsTask().WaitAsync(Eventually.Patience, Ended);

        Assert.All(await Task.WhenAll(uses).WaitAsync(Eventually.Patience, Ended), static failure => Assert.IsType<StoreUnavailableException>(failure));
    }

    /// <summary>The server knows nothing of the cut: the old session would hold the database for ever.</summary>
    [Fact]
    public async Task A_network_that_was_cut_holds_nobody_and_the_silos_own_dead_session_gives_way()
    {
        string database = new NpgsqlConnectionStringBuilder(await _server.CreateDatabase()).Database!;
        await using CuttableNetwork network = new(_server.Port);
        string connection = new NpgsqlConnectionStringBuilder(_server.ConnectionString(database)) { Port = network.Port, SslMode = SslMode.Disable }.ConnectionString;
        await using PostgresStreamStore store = await PostgresStreamStore.Open(connection, TimeProvider.System, Ended);
        string? lost = null;
        store.OnLost += reason => lost = reason;
        await store.Write(PostgresRows.Of("a"));
        Assert.NotNull(await store.Read(StreamId.Parse("a")));

        network.Cut();
        Task<Exception?>[] uses =
        [
            Record.ExceptionAsync(() => store.Write(PostgresRows.Of("a", 2))).AsTask(),
            Record.ExceptionAsync(() => store.Read(StreamId.Parse("a"))).AsTask(),
        ];
        Assert.All(await Task.WhenAll(uses).WaitAsync(Eventually.Patience, Ended), static failure => Assert.IsType<StoreUnavailableException>(failure));
        network.Mend();

        await Eventually.Get(
            async () =>
            {
                await store.Check(Ended);
                return (await store.Read(StreamId.Parse("a")))!.Version;
            },
            static version => version == 1,
            "a store whose network is back");
        await store.Write(PostgresRows.Of("a", 2));
        Assert.Null(lost);
    }

    [Fact]
    public async Task A_server_that_is_read_only_is_read_and_written_again_when_it_is_not()
    {
        await SetReadOnly("on");
        foreach (Func<Task> write in (Func<Task>[])[() => _store.Write(PostgresRows.Of("a")), () => _store.Drop(StreamId.Parse("before")), () => _store.Check(Ended)])
        {
            StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(write);
            Assert.Contains("is read-only", failure.Message, StringComparison.Ordinal);
            Assert.Contains("25006", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, (await _store.List(new StreamListQuery(), Ended)).Total);
        await SetReadOnly("off");
        await Works("a store that can be written again");
    }

    [Fact]
    public async Task A_lost_connection_is_taken_again_and_with_it_the_database()
    {
        string? lost = null;
        _store.OnLost += reason => lost = reason;
        for (int i = 0; i < 3; i++)
        {
            await _server.Sql(Database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
            await Works("a store whose connections were ended");
        }

        Assert.Null(lost);
        Assert.Equal($"{Environment.ProcessId}", await _server.Sql(Database, "SELECT pid FROM owner"));
        StorageUnusableException second = await Assert.ThrowsAsync<StorageUnusableException>(
            () => PostgresStreamStore.Open(_server.ConnectionString(Database), TimeProvider.System, Ended));
        Assert.Contains("in use by another silo", second.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_lost_while_nothing_is_written_is_noticed_and_taken_again()
    {
        const string Holders = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted";
        string first = await _server.Sql(Database, "SELECT pid FROM pg_locks WHERE locktype = 'advisory'");
        await _server.Sql(Database, $"SELECT pg_terminate_backend({first})");
        await Eventually.Get(
            async () => (Pid: await _server.Sql(Database, "SELECT pid FROM pg_locks WHERE locktype = 'advisory'"), Holders: await _server.Sql(Database, Holders)),
            now => now.Holders == "1" && now.Pid != first,
            "another connection that holds the lock");
    }

    private Func<Task>[] Uses() =>
    [
        () => _store.Write(PostgresRows.Of("a")),
        () => _store.Read(StreamId.Parse("before")),
        () => _store.List(new StreamListQuery { Search = "b" }, Ended),
        () => _store.Count("", Ended),
        () => _store.ReadHistory(StreamId.Parse("before"), Ended),
        () => _store.Drop(StreamId.Parse("nothing")),
        () => _store.Forget(10, Ended),
        () => _store.Check(Ended),
    ];

    /// <summary>Writes and reads succeed again, without anybody's help.</summary>
    private Task<bool> Works(string what) => Eventually.Get(
        async () =>
        {
            await _store.Check(Ended);
            StreamRow? row = await _store.Read(StreamId.Parse("before"));
            await _store.Write(PostgresRows.Of("before", row!.Version + 1));
            return true;
        },
        static works => works,
        what);

    private async Task<long> SavedOf(string prefix) =>
        long.Parse(await _server.Sql(Database, $"SELECT count(*) FROM streams WHERE stream_id LIKE '{prefix}%'"), System.Globalization.CultureInfo.InvariantCulture);

    private async Task SetReadOnly(string value)
    {
        await _server.Sql("postgres", $"ALTER SYSTEM SET default_transaction_read_only = {value}");
        await _server.Sql("postgres", "SELECT pg_reload_conf()");
        await Eventually.Get(() => _server.Sql("postgres", "SHOW default_transaction_read_only"), shown => shown == value, "the new setting");
    }
}
