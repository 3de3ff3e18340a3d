using System.Net;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime;
using Streams.Silo.Membership;
using Streams.Silo.Storage;
using Streams.Silo.Storage.Postgres;
using Streams.Silo.Tests.Storage.Postgres;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Membership;

/// <summary>The contract of Orleans' membership table, on PostgreSQL.</summary>
public sealed class PostgresMembershipTableTests(SharedPostgres shared) : IAsyncLifetime
{
    private static readonly DateTime Now = new(2026, 1, 31, 13, 0, 0, DateTimeKind.Utc);
    private readonly List<PostgresMembershipTable> _tables = [];
    private string _connection = "";
    private int _generations;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await (await shared.Server).CreateDatabase();
        await using NpgsqlConnection connection = new(_connection);
        await connection.OpenAsync(Ended);
        await PostgresSchema.Migrate(connection, "here", Ended);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PostgresMembershipTable table in _tables)
        {
            await table.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_new_cluster_has_no_silo_and_is_made_once()
    {
        PostgresMembershipTable[] tables = [.. Enumerable.Range(0, 4).Select(_ => Open())];
        await Task.WhenAll(tables.Select(static table => table.InitializeMembershipTable(true)));
        MembershipTableData[] seen = await Task.WhenAll(tables.Select(static table => table.ReadAll()));
        Assert.All(seen, static data => Assert.Empty(data.Members));
        Assert.Equal(new TableVersion(0, seen[0].Version.VersionEtag), seen[0].Version);
        Assert.Single(seen.Select(static data => data.Version).Distinct());
    }

    [Fact]
    public async Task A_silo_is_read_as_it_was_written()
    {
        PostgresMembershipTable table = await Create();
        MembershipEntry entry = NewSilo();
        entry.AddSuspector(NewSilo().SiloAddress, Now.AddSeconds(1));
        entry.AddSuspector(NewSilo().SiloAddress, Now.AddSeconds(2));
        MembershipTableData empty = await table.ReadAll();
        Assert.True(await table.InsertRow(entry, empty.Version.Next()));

        MembershipTableData data = await table.ReadRow(entry.SiloAddress);
        MembershipEntry read = Assert.Single(data.Members).Item1;
        Assert.Equal(entry.ToFullString(), read.ToFullString());
        Assert.Equal((entry.StartTime, entry.IAmAliveTime, DateTimeKind.Utc), (read.StartTime, read.IAmAliveTime, read.IAmAliveTime.Kind));
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
        Assert.Equal(1, data.Version.Version);
        Assert.NotEqual(empty.Version.VersionEtag, data.Version.VersionEtag);
        Assert.Equal(data.Version, (await table.ReadRow(NewSilo().SiloAddress)).Version);
        Assert.Empty((await table.ReadRow(NewSilo().SiloAddress)).Members);
    }

    [Fact]
    public async Task A_silo_that_is_there_is_not_added_again_and_nothing_changes()
    {
        PostgresMembershipTable table = await Create();
        MembershipEntry entry = await Add(table);
        MembershipTableData before = await table.ReadAll();
        Assert.False(await table.InsertRow(entry, before.Version.Next()));
        Assert.Equal(before.Version, (await table.ReadAll()).Version);
    }

    [Fact]
    public async Task A_silo_that_is_not_there_is_not_changed_and_nothing_changes()
    {
        PostgresMembershipTable table = await Create();
        await Add(table);
        MembershipTableData before = await table.ReadAll();
        Assert.False(await table.UpdateRow(NewSilo(), before.Members[0].Item2, before.Version.Next()));
        Assert.Equal(before.Version, (await table.ReadAll()).Version);
    }

    [Theory]
    [InlineData("a stale etag")]
    [InlineData("an etag that is none")]
    [InlineData("a version too far")]
    public async Task A_version_that_is_not_the_next_one_changes_nothing(string how)
    {
        PostgresMembershipTable table = await Create();
        MembershipEntry entry = await Add(table);
        TableVersion first = (await table.ReadAll()).Version;
        await Add(table);
        MembershipTableData before = await table.ReadAll();
        TableVersion wrong = how switch
        {
            "a stale etag" => new TableVersion(before.Version.Version + 1, first.VersionEtag),
            "an etag that is none" => new TableVersion(before.Version.Version + 1, "none"),
            _ => before.Version.Next().Next(),
        };
        string row = before.TryGet(entry.SiloAddress)!.Item2;
        entry.Status = SiloStatus.Dead;
        Assert.False(await table.UpdateRow(entry, row, wrong));
        Assert.False(await table.InsertRow(NewSilo(), wrong));

        MembershipTableData after = await table.ReadAll();
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(SiloStatus.Active, after.TryGet(entry.SiloAddress)!.Item1.Status);
        Assert.Equal(2, after.Members.Count);
        Assert.True(await table.UpdateRow(entry, row, before.Version.Next()));
    }

    [Fact]
    public async Task A_row_that_was_changed_meanwhile_is_not_changed_by_its_former_etag()
    {
        PostgresMembershipTable table = await Create();
        MembershipEntry entry = await Add(table);
        MembershipTableData first = await table.ReadAll();
        Assert.True(await table.UpdateRow(entry, first.Members[0].Item2, first.Version.Next()));
        MembershipTableData second = await table.ReadAll();
        Assert.False(await table.UpdateRow(entry, first.Members[0].Item2, second.Version.Next()));
        Assert.True(await table.UpdateRow(entry, second.Members[0].Item2, second.Version.Next()));
    }

    [Fact]
    public async Task A_sign_of_life_changes_no_version_and_is_not_put_back_by_others()
    {
        PostgresMembershipTable table = await Create();
        MembershipEntry entry = await Add(table);
        MembershipTableData before = await table.ReadAll();
        await table.UpdateIAmAlive(new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = Now.AddMinutes(5) });
        MembershipTableData after = await table.ReadAll();
        Assert.Equal((before.Version, before.Members[0].Item2), (after.Version, after.Members[0].Item2));
        Assert.Equal(Now.AddMinutes(5), after.Members[0].Item1.IAmAliveTime);

        MembershipEntry suspected = before.Members[0].Item1;
        suspected.AddSuspector(NewSilo().SiloAddress, Now.AddMinutes(4));
        Assert.True(await table.UpdateRow(suspected, before.Members[0].Item2, before.Version.Next()));
        Assert.Equal(Now.AddMinutes(5), (await table.ReadAll()).Members[0].Item1.IAmAliveTime);
    }

    [Fact]
    public async Task Old_dead_silos_are_removed_and_no_others()
    {
        PostgresMembershipTable table = await Create();
        MembershipEntry longDead = await Add(table, SiloStatus.Dead, Now.AddDays(-8));
        MembershipEntry lately = await Add(table, SiloStatus.Dead, Now.AddDays(-1));
        MembershipEntry saidLately = await Add(table, SiloStatus.Dead, Now.AddDays(-8), Now.AddDays(-1));
        MembershipEntry silent = await Add(table, SiloStatus.Active, Now.AddDays(-8));
        await table.CleanupDefunctSiloEntries(Now.AddDays(-7));
        IEnumerable<SiloAddress> left = (await table.ReadAll()).Members.Select(static row => row.Item1.SiloAddress);
        Assert.Equal(new[] { lately, saidLately, silent }.Select(static entry => entry.SiloAddress).Order(), left.Order());
        Assert.DoesNotContain(longDead.SiloAddress, left);
    }

    [Fact]
    public async Task Clusters_keep_apart_and_one_is_deleted_without_the_other()
    {
        PostgresMembershipTable one = await Create();
        PostgresMembershipTable other = await Create("other");
        await Add(one);
        MembershipEntry theirs = await Add(other);
        TableVersion stale = (await one.ReadAll()).Version;
        await one.DeleteMembershipTableEntries("mine");
        await Assert.ThrowsAsync<ArgumentException>(() => one.DeleteMembershipTableEntries("other"));

        Assert.Empty((await one.ReadAll()).Members);
        Assert.False(await one.InsertRow(NewSilo(), (await one.ReadAll()).Version.Next()));
        await one.InitializeMembershipTable(true);
        Assert.False(await one.InsertRow(NewSilo(), stale.Next()));
        Assert.Equal(theirs.SiloAddress, Assert.Single((await other.ReadAll()).Members).Item1.SiloAddress);
    }

    /// <summary>Each of several silos adds itself and changes rows, with what it has read at some time before.</summary>
    [Fact]
    public async Task Of_changes_at_once_one_wins_for_each_version()
    {
        const int Silos = 6;
        const int Changes = 40;
        PostgresMembershipTable reader = await Create();
        int won = 0;
        await Task.WhenAll(Enumerable.Range(0, Silos).Select(seed => Task.Run(async () =>
        {
            Random random = new(seed);
            PostgresMembershipTable table = Open();
            MembershipTableData known = await table.ReadAll();
            for (int done = 0; done < Changes;)
            {
                bool inserts = known.Members.Count == 0 || random.Next(4) == 0;
                bool hasWon;
                if (inserts)
                {
                    hasWon = await table.InsertRow(NewSilo(), known.Version.Next());
                }
                else
                {
                    (MembershipEntry entry, string etag) = known.Members[random.Next(known.Members.Count)];
                    entry.AddSuspector(NewSilo().SiloAddress, Now);
                    hasWon = await table.UpdateRow(entry, etag, known.Version.Next());
                }

                if (hasWon)
                {
                    done++;
                    Interlocked.Increment(ref won);
                }

                if (!hasWon || random.Next(2) == 0)
                {
                    MembershipTableData read = await table.ReadAll();
                    Assert.True(read.Version.Version >= known.Version.Version, "The version went back.");
                    known = read;
                }
            }
        })));

        MembershipTableData all = await reader.ReadAll();
        Assert.Equal(Silos * Changes, won);
        Assert.Equal(won, all.Version.Version);
        int changes = all.Members.Count + all.Members.Sum(static row => row.Item1.SuspectTimes!.Count);
        Assert.Equal(won, changes); // No change was lost, and none was half done.
    }

    [Fact]
    public async Task A_server_that_hangs_is_waited_for_two_seconds_and_found_again()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using PostgresServer server = await PostgresServer.Start();
        _connection = await server.CreateDatabase();
        await using (NpgsqlConnection connection = new(_connection))
        {
            await connection.OpenAsync(Ended);
            await PostgresSchema.Migrate(connection, "here", Ended);
        }

        PostgresMembershipTable table = await Create();
        MembershipEntry entry = await Add(table);
        server.Freeze();
        StoreUnavailableException silent = await Assert.ThrowsAsync<StoreUnavailableException>(() => table.ReadAll().WaitAsync(Eventually.Patience, Ended));
        Assert.Contains("has not answered for 2 s", silent.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Password, silent.ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => table.UpdateIAmAlive(entry).WaitAsync(Eventually.Patience, Ended));
        server.Thaw();
        await Eventually.Get(table.ReadAll, static data => data.Members.Count == 1, "the table again");

        await server.Kill();
        Assert.Contains("cannot be reached", (await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            await table.ReadAll(); // On a connection that is broken,
            await table.ReadAll(); // and on a new one.
        })).Message, StringComparison.Ordinal);
        await server.StartAgain();
        await Eventually.Get(table.ReadAll, static data => data.Members.Count == 1, "the table again");
    }

    private PostgresMembershipTable Open(string cluster = "mine")
    {
        PostgresMembershipTable table = new(
            Options.Create(new StoreOptions { Kind = StoreKind.Postgres, ConnectionString = _connection }), Options.Create(new ClusterOptions { ClusterId = cluster }), TimeProvider.System);
        lock (_tables)
        {
            _tables.Add(table);
        }

        return table;
    }

    private async Task<PostgresMembershipTable> Create(string cluster = "mine")
    {
        PostgresMembershipTable table = Open(cluster);
        await table.InitializeMembershipTable(true);
        return table;
    }

    private async Task<MembershipEntry> Add(PostgresMembershipTable table, SiloStatus status = SiloStatus.Active, DateTime? aliveAt = null, DateTime? suspectedAt = null)
    {
        MembershipEntry entry = NewSilo();
        (entry.Status, entry.StartTime, entry.IAmAliveTime) = (status, (aliveAt ?? Now).AddMinutes(-1), aliveAt ?? Now);
        if (suspectedAt is { } at)
        {
            entry.AddSuspector(NewSilo().SiloAddress, at);
        }

        Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));
        return entry;
    }

    private MembershipEntry NewSilo()
    {
        int generation = Interlocked.Increment(ref _generations);
        return new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Parse("192.0.2.7"), 11_111, generation),
            Status = SiloStatus.Active,
            ProxyPort = 30_000,
            HostName = "media1",
            SiloName = $"media1:{generation}",
            StartTime = Now.AddMinutes(-1),
            IAmAliveTime = Now,
            SuspectTimes = [],
        };
    }
}
