using System.Globalization;
using Microsoft.Data.Sqlite;
using Streams.Silo.Storage;
using Streams.Silo.Storage.Sqlite;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Storage;

/// <summary>What only a file can suffer; what every store does is in <c>StreamStoreTests</c>.</summary>
public sealed class SqliteStreamStoreTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();

    private string DatabaseFile => _folder.File("streams.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_saved_is_there_after_a_restart()
    {
        using (SqliteStreamStore first = Open())
        {
            await first.Write(Row("a", 1));
            await first.Write(Row("a", 2, generation: 7));
        }

        using SqliteStreamStore second = Open();
        Assert.Equal(Row("a", 2, generation: 7), await second.Read(StreamId.Parse("a")));
    }

    /// <summary>The writer itself would do so at 64 MB, and when it closes.</summary>
    [Fact]
    public async Task What_was_saved_is_moved_into_the_file_meanwhile()
    {
        const int Size = 64 * 1024;
        using SqliteStreamStore store = Open();
        for (int i = 0; i < 20; i++)
        {
            await store.Write(Row($"k{i}", 1, size: Size));
        }

        await Eventually.Get(() => new FileInfo(DatabaseFile).Length, static length => length > 8 * Size, "states in the file itself");
    }

    [Fact]
    public async Task A_write_that_fails_says_so_and_leaves_what_was_saved_and_the_next_one_goes_through()
    {
        using SqliteStreamStore store = Open();
        await store.Write(Row("a", 1));
        using (SqliteConnection other = Connect())
        {
            Execute(other, "BEGIN EXCLUSIVE");
            StoreUnavailableException locked = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Write(Row("a", 2)));
            Assert.Contains("another process has it locked", locked.Message, StringComparison.Ordinal);
        }

        await store.Write(Row("a", 2));
    }

    [Fact]
    public async Task A_full_disk_is_named_and_what_was_saved_stays()
    {
        using SqliteStreamStore store = Open(maxPages: 32);
        await store.Write(Row("a", 1));
        StoreUnavailableException full = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Write(Row("b", 1, size: 200_000)));
        Assert.Contains("disk is full", full.Message, StringComparison.Ordinal);
        await store.Write(Row("a", 2));
    }

    [Fact]
    public void A_second_silo_on_the_folder_is_refused_and_the_holder_is_named()
    {
        using SqliteStreamStore first = Open();
        StorageUnusableException refused = Assert.Throws<StorageUnusableException>(() => Open());
        Assert.Contains($"process {Environment.ProcessId} on host {Environment.MachineName}, started at 20", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_was_let_go_can_be_taken()
    {
        Open().Dispose();
        Open().Dispose();
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("replaced")]
    [InlineData("cut")]
    [InlineData("log deleted")]
    public async Task A_file_that_is_lost_under_the_silo_takes_no_more_acknowledgement_until_it_is_put_back(string how)
    {
        using SqliteStreamStore store = Open();
        await store.Write(Row("a", 1));
        string lost = how == "log deleted" ? DatabaseFile + "-wal" : DatabaseFile;
        string kept = _folder.File("kept");
        if (how == "cut")
        {
            File.Copy(lost, kept);
            using FileStream cut = new(lost, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            cut.SetLength(100);
        }
        else
        {
            File.Move(lost, kept);
            if (how == "replaced")
            {
                File.Copy(kept, lost);
            }
        }

        StoreUnavailableException refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Write(Row("b", 1)));
        Assert.Contains(how.Split(' ')[^1], refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Check(Never));
        if (how != "cut")
        {
            File.Move(kept, lost, overwrite: true);
            await store.Check(Never);
            await store.Write(Row("c", 1));
        }
    }

    [Fact]
    public async Task A_lock_that_was_removed_is_taken_again_so_that_no_second_silo_starts()
    {
        using SqliteStreamStore store = Open();
        File.Delete(_folder.File("streams.lock"));
        await store.Check(Never);
        Assert.Contains("used by another silo", Assert.Throws<StorageUnusableException>(() => Open()).Message, StringComparison.Ordinal);
    }

    /// <summary>A check that is late runs beside the next one; each took the other's look for another silo.</summary>
    [Fact]
    public async Task Checks_beside_each_other_take_a_removed_lock_once()
    {
        using SqliteStreamStore store = Open();
        List<string> lost = [];
        store.OnLost += lost.Add;
        for (int round = 0; round < 20; round++)
        {
            File.Delete(_folder.File("streams.lock"));
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.Check(Never))));
        }

        Assert.Empty(lost);
    }

    [Fact]
    public async Task A_lock_that_was_removed_on_a_disk_that_cannot_be_written_is_nobody_elses()
    {
        using SqliteStreamStore store = Open();
        List<string> lost = [];
        store.OnLost += lost.Add;
        File.Delete(_folder.File("streams.lock"));
        File.Delete(_folder.File("streams.holder"));
        Directory.CreateDirectory(_folder.File("streams.holder")); // What is to be written into it fails, as on a full disk.
        await store.Check(Never);
        Assert.Empty(lost);
    }

    [Fact]
    public async Task A_silo_whose_folder_another_has_taken_is_told_so_once_and_writes_no_more()
    {
        using SqliteStreamStore store = Open();
        List<string> lost = [];
        store.OnLost += lost.Add;
        File.Delete(_folder.File("streams.lock"));
        using FolderLock other = FolderLock.Acquire(_folder.Path, TimeProvider.System);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Check(Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Check(Never));
        Assert.Contains($"process {Environment.ProcessId}", Assert.Single(lost), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_silo_learns_when_the_one_before_was_last_there()
    {
        string holder = _folder.File("streams.holder");
        DateTimeOffset longAgo = DateTimeOffset.UnixEpoch.AddDays(20_000);
        using (SqliteStreamStore store = Open())
        {
            Assert.Null(store.FormerlyUsedAt);
            File.SetLastWriteTimeUtc(holder, longAgo.UtcDateTime);
            await store.Check(Never);
            Assert.True(File.GetLastWriteTimeUtc(holder) > longAgo.UtcDateTime, "A check leaves no time.");
            File.SetLastWriteTimeUtc(holder, longAgo.UtcDateTime);
        }

        using SqliteStreamStore next = Open();
        Assert.Equal(longAgo, next.FormerlyUsedAt);
    }

    [Fact]
    public async Task A_database_behind_a_link_is_used_and_owned_where_it_is()
    {
        Directory.CreateDirectory(_folder.File("real"));
        File.CreateSymbolicLink(DatabaseFile, _folder.File("real/real.db"));
        using SqliteStreamStore store = Open();
        await store.Write(Row("a", 1));
        await store.Check(Never);
        Assert.Throws<StorageUnusableException>(() => new SqliteStreamStore(_folder.File("real/real.db"), TimeProvider.System));
    }

    [Theory]
    [InlineData("PRAGMA wal_checkpoint(TRUNCATE)")]
    [InlineData("VACUUM")]
    public async Task What_another_program_does_rightly_with_the_database_is_no_fault(string sql)
    {
        using SqliteStreamStore store = Open();
        for (int i = 0; i < 50; i++)
        {
            await store.Write(Row($"s{i}", 1, size: 10_000));
        }

        for (int i = 0; i < 50; i++)
        {
            await store.Drop(StreamId.Parse($"s{i}"));
        }

        using (SqliteConnection other = Connect())
        {
            Execute(other, sql);
        }

        await store.Write(Row("a", 1));
        await store.Check(Never);
    }

    [Theory]
    [InlineData("ALTER TABLE streams RENAME TO gone")]
    [InlineData("DROP TABLE history")]
    [InlineData("DROP TABLE stream_counts")]
    public async Task A_table_that_is_missing_is_found_by_the_check(string sql)
    {
        using SqliteStreamStore store = Open();
        await store.Check(Never);
        using (SqliteConnection other = Connect())
        {
            Execute(other, sql);
        }

        Assert.Contains("no such table", (await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Check(Never))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_whose_id_is_damaged_spoils_neither_the_list_nor_the_forgetting()
    {
        using SqliteStreamStore store = Open();
        await store.Write(Row("a", 1));
        await store.Write(Row("b", 1));
        using (SqliteConnection other = Connect())
        {
            Execute(other, "UPDATE streams SET stream_id = 'a b' WHERE stream_id = 'a'");
        }

        Assert.Equal("b", Assert.Single((await store.List(new StreamListQuery(), Never)).Items).StreamId.Value);
        await store.ListActive(Never);
        Assert.Equal(1, await store.Forget(0, Never));
    }

    [Fact]
    public async Task A_quiet_silos_last_saves_are_in_the_file_itself_soon()
    {
        using SqliteStreamStore store = Open();
        await store.Write(Row("a", 1));
        string copy = _folder.File("copy.db");
        await Eventually.Get(
            () =>
            {
                File.Copy(DatabaseFile, copy, overwrite: true);
                using SqliteConnection alone = new($"Data Source={copy};Pooling=False");
                alone.Open();
                return Convert.ToInt64(SqliteSchema.Scalar(alone, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'streams'"), CultureInfo.InvariantCulture) == 1
                    && Convert.ToInt64(SqliteSchema.Scalar(alone, "SELECT COUNT(*) FROM streams"), CultureInfo.InvariantCulture) == 1;
            },
            static isThere => isThere,
            "the row in a copy of the file alone");
    }

    [Fact]
    public async Task Damage_to_the_file_is_found_while_it_is_used()
    {
        using SqliteStreamStore store = Open();
        for (int i = 0; i < 200; i++)
        {
            await store.Write(Row($"s{i}", 1, size: 2_000));
        }

        await store.Check(Never);
        using (FileStream spoil = new(DatabaseFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            spoil.Write(new byte[100]);
        }

        StoreUnavailableException damaged = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Check(Never));
        Assert.Contains("damaged", damaged.Message, StringComparison.Ordinal);
    }

    /// <summary>It would take the log with it when it leaves, if the silo had lost its locks by a look at the file.</summary>
    [Fact]
    public async Task Another_program_may_look_into_the_file_and_leave()
    {
        using SqliteStreamStore store = Open();
        await store.Write(Row("a", 1));
        await store.Check(Never);
        if (ChildProgram.Find("sqlite3") is not { } sqlite)
        {
            Assert.Skip("sqlite3 is not installed.");
            return;
        }

        Assert.Equal((0, "1"), await ChildProgram.Run(sqlite, [DatabaseFile, "SELECT COUNT(*) FROM streams"]));

        await store.Check(Never);
        await store.Write(Row("a", 2));
    }

    [Fact]
    public void A_file_that_was_cut_is_refused_with_the_remedy()
    {
        using (SqliteStreamStore store = Open())
        {
            Parallel.For(0, 200, i => store.Write(Row($"s{i}", 1, size: 2_000)).Wait(Never));
        }

        using (FileStream cut = new(DatabaseFile, FileMode.Open, FileAccess.Write))
        {
            cut.SetLength(100_000);
        }

        StorageUnusableException unusable = Assert.Throws<StorageUnusableException>(() => Open());
        Assert.Contains("make restore", unusable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_says_what_is_wrong_and_what_to_do()
    {
        File.WriteAllText(DatabaseFile, new string('x', 4096));
        StorageUnusableException unusable = Assert.Throws<StorageUnusableException>(() => Open());
        Assert.Contains(DatabaseFile, unusable.Message, StringComparison.Ordinal);
        Assert.Contains("it is no database", unusable.Message, StringComparison.Ordinal);
        Assert.Contains("make restore", unusable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_says_so()
    {
        File.WriteAllText(_folder.File("taken"), "");
        StorageUnusableException unusable = Assert.Throws<StorageUnusableException>(() => new SqliteStreamStore(Path.Combine(_folder.File("taken"), "streams.db"), TimeProvider.System));
        Assert.Contains("cannot be used", unusable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_a_newer_version_is_not_touched()
    {
        using (SqliteConnection newer = Connect())
        {
            Execute(newer, "PRAGMA user_version = 99");
        }

        StorageUnusableException unusable = Assert.Throws<StorageUnusableException>(() => Open());
        Assert.Contains("version 99", unusable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_that_cannot_be_written_holds_up_no_stream()
    {
        using SqliteStreamStore store = Open();
        await store.Write(Row("a", 1));
        using (SqliteConnection other = Connect())
        {
            Execute(other, "DROP TABLE history");
        }

        HistoryRow entry = HistoryRows.Of(StreamId.Parse("a"), new SourceAddress("s", "192.0.2.1:1"), DateTimeOffset.UnixEpoch);
        Task[] together = [store.Write(Row("a", 2)), store.AppendHistory([entry]), store.Write(Row("b", 1))];
        await Assert.ThrowsAsync<StoreUnavailableException>(() => together[1]);
        await together[0];
        await together[2];
    }

    [Fact]
    public async Task A_file_of_the_first_version_keeps_its_streams_and_their_histories()
    {
        DateTimeOffset since = new(2026, 1, 31, 13, 0, 0, TimeSpan.Zero);
        StreamState held = new() { Since = since, Generation = 4, Held = true, Profile = "slow" };
        StreamHistory history = new()
        {
            Entries = [new HistoryEntry(since, "Stop", EventOutcome.Applied, StreamPhase.Offline, 4) { By = "anna" }],
            Runs = [new RunRecord { Generation = 4, Exit = "Stopped", Reason = "It was told to.", EndedAt = since }],
        };
        using (SqliteConnection old = Connect())
        {
            Execute(old, "CREATE TABLE state (key TEXT PRIMARY KEY, version INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID; PRAGMA user_version = 1;");
            Insert(old, "stream/stream/held", StateJson.Write(held));
            Insert(old, "history/stream/held", StateJson.Write(history));
            Insert(old, "stream/stream/odd", "{\"phase\":");
            Insert(old, "catalog/catalog/0", "{}");
        }

        using SqliteStreamStore store = Open();
        StreamRow row = (await store.Read(StreamId.Parse("held")))!;
        Assert.Equal(StateJson.Write(held), StateJson.Write(StreamRows.Read(row)));
        Assert.True(row.IsKept);
        StreamHistory moved = HistoryRows.Read(await store.ReadHistory(StreamId.Parse("held"), Never));
        Assert.Equal("anna", Assert.Single(moved.Entries).By);
        Assert.Equal("It was told to.", Assert.Single(moved.Runs).Reason);
        StreamRow odd = (await store.Read(StreamId.Parse("odd")))!;
        Assert.Throws<StreamDamagedException>(() => StreamRows.Read(odd));
        Assert.Equal(2, (await store.List(new StreamListQuery(), Never)).Total);
    }

    [Fact]
    public async Task A_file_from_before_there_were_several_media_servers_keeps_its_streams()
    {
        StreamState live = new() { Since = DateTimeOffset.UnixEpoch, Generation = 4, Phase = StreamPhase.Running, Input = new LiveSource("rtmpConn", "a", "", DateTimeOffset.UnixEpoch) };
        using (SqliteStreamStore store = Open())
        {
            await store.Write(StreamRows.Of(StreamId.Parse("live"), 1, live));
        }

        using (SqliteConnection old = Connect())
        {
            Execute(old, "ALTER TABLE streams DROP COLUMN node; PRAGMA user_version = 2");
        }

        using SqliteStreamStore migrated = Open();
        StreamRow row = (await migrated.Read(StreamId.Parse("live")))!;
        Assert.Equal(StateJson.Write(live), StateJson.Write(StreamRows.Read(row)));
        Assert.Null(Assert.Single(await migrated.ListActive(Never)).Node);
        await migrated.Write(StreamRows.Of(StreamId.Parse("live"), 2, live with { Input = live.Input! with { Node = "b" } }));
        Assert.Equal("b", Assert.Single(await migrated.ListActive(Never)).Node);
    }

    private static void Insert(SqliteConnection connection, string key, string json)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT INTO state VALUES ($key, 3, $json)";
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$json", json);
        command.ExecuteNonQuery();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static StreamRow Row(string id, long version, long generation = 1, int size = 0) => StreamRows.Of(
        StreamId.Parse(id), version, new StreamState { Since = DateTimeOffset.UnixEpoch.AddSeconds(1), Generation = generation, LastReason = size == 0 ? null : new string('x', size) });

    private SqliteStreamStore Open(int? maxPages = null) => new(DatabaseFile, TimeProvider.System, maxPages);

    private SqliteConnection Connect()
    {
        SqliteConnection connection = new(string.Create(CultureInfo.InvariantCulture, $"Data Source={DatabaseFile};Pooling=False"));
        connection.Open();
        return connection;
    }
}
