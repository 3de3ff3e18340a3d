using Microsoft.Data.Sqlite;
using Orleans.Storage;
using Streams.Silo.Storage;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Storage;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string DatabaseFile => _folder.File("streams.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_saved_is_there_after_a_restart()
    {
        using (SqliteDatabase first = new(DatabaseFile))
        {
            Assert.Null(await first.Read("a"));
            Assert.Equal(1, await first.Write("a", 0, """{"x":1}"""));
            Assert.Equal(2, await first.Write("a", 1, """{"x":2}"""));
        }

        using SqliteDatabase second = new(DatabaseFile);
        Assert.Equal(new StoredState(2, """{"x":2}"""), await second.Read("a"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_state_of_another_version_is_not_overwritten(long version)
    {
        using SqliteDatabase database = new(DatabaseFile);
        await database.Write("a", 0, "1");
        await database.Write("a", 1, "2");
        await Assert.ThrowsAsync<InconsistentStateException>(() => database.Write("a", version, "mine"));
        Assert.Equal(new StoredState(2, "2"), await database.Read("a"));
    }

    [Fact]
    public async Task One_conflict_among_many_writes_spoils_no_other()
    {
        using SqliteDatabase database = new(DatabaseFile);
        await database.Write("taken", 0, "1");
        Task<long>[] writes = [.. Enumerable.Range(0, 500).Select(i => database.Write(i == 250 ? "taken" : $"k{i}", 0, "1"))];
        await Assert.ThrowsAsync<InconsistentStateException>(() => writes[250]);
        foreach (Task<long> write in writes.Where((_, i) => i != 250))
        {
            Assert.Equal(1, await write);
        }
    }

    /// <summary>The writer itself would do so at 64 MB, and when it closes.</summary>
    [Fact]
    public async Task What_was_saved_is_moved_into_the_file_meanwhile()
    {
        const int Size = 64 * 1024;
        using SqliteDatabase database = new(DatabaseFile);
        for (int i = 0; i < 20; i++)
        {
            await database.Write($"k{i}", 0, new string('x', Size));
        }

        await Eventually.Get(() => new FileInfo(DatabaseFile).Length, static length => length > 8 * Size, "states in the file itself");
        Assert.Equal(Size, (await database.Read("k19"))!.Json.Length);
    }

    [Fact]
    public async Task A_deleted_state_is_gone()
    {
        using SqliteDatabase database = new(DatabaseFile);
        await database.Write("a", 0, "1");
        await Assert.ThrowsAsync<InconsistentStateException>(() => database.Delete("a", 5));
        await database.Delete("a", 1);
        Assert.Null(await database.Read("a"));
    }

    [Fact]
    public async Task A_write_that_fails_says_so_and_leaves_what_was_saved_and_the_next_one_goes_through()
    {
        using SqliteDatabase database = new(DatabaseFile);
        await database.Write("a", 0, "1");
        using (SqliteConnection other = new($"Data Source={DatabaseFile};Pooling=False"))
        {
            other.Open();
            using SqliteCommand hold = other.CreateCommand();
            hold.CommandText = "BEGIN EXCLUSIVE";
            hold.ExecuteNonQuery();
            await Assert.ThrowsAsync<SqliteException>(() => database.Write("a", 1, "2"));
        }

        Assert.Equal(2, await database.Write("a", 1, "3"));
    }

    [Fact]
    public async Task A_full_disk_is_an_error_of_the_write_and_what_was_saved_stays()
    {
        using SqliteDatabase database = new(DatabaseFile, maxPages: 8);
        await database.Write("a", 0, "1");
        SqliteException full = await Assert.ThrowsAsync<SqliteException>(() => database.Write("b", 0, new string('x', 100_000)));
        Assert.Contains("full", full.Message, StringComparison.Ordinal);
        Assert.Equal(2, await database.Write("a", 1, "2"));
    }

    [Fact]
    public void A_damaged_file_says_what_is_wrong_and_what_to_do()
    {
        System.IO.File.WriteAllText(DatabaseFile, new string('x', 4096));
        StorageUnusableException unusable = Assert.Throws<StorageUnusableException>(() => new SqliteDatabase(DatabaseFile));
        Assert.Contains(DatabaseFile, unusable.Message, StringComparison.Ordinal);
        Assert.Contains("move it away", unusable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_says_so()
    {
        System.IO.File.WriteAllText(_folder.File("taken"), "");
        StorageUnusableException unusable = Assert.Throws<StorageUnusableException>(() => new SqliteDatabase(Path.Combine(_folder.File("taken"), "streams.db")));
        Assert.Contains("cannot be used", unusable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_a_newer_version_is_not_touched()
    {
        using (SqliteConnection newer = new($"Data Source={DatabaseFile};Pooling=False"))
        {
            newer.Open();
            using SqliteCommand command = newer.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        StorageUnusableException unusable = Assert.Throws<StorageUnusableException>(() => new SqliteDatabase(DatabaseFile));
        Assert.Contains("version 99", unusable.Message, StringComparison.Ordinal);
    }
}
