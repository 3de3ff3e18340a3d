using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Streams.Silo.Storage.Sqlite;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Storage;

/// <summary>The silo's program as it backs up and restores the state file.</summary>
public sealed class BackupTests : IDisposable
{
    private const int Streams = 50;
    private static readonly string Program = Repository.PathOf("Silo", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Streams.Silo");

    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.File("data");

    private string DatabaseFile => Path.Combine(Data, "streams.db");

    private string Backup => _folder.File("streams.backup");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_backup_while_two_hundred_writes_a_second_go_on_is_what_was_saved_at_one_moment()
    {
        using SqliteStreamStore store = Open();
        ConcurrentQueue<long> acknowledged = new();
        using CancellationTokenSource enough = new();
        Task writing = Task.Run(() => WriteInTurn(store, acknowledged, enough.Token));
        long start = TimeProvider.System.GetTimestamp();
        await Eventually.Get(() => acknowledged.Count, static count => count >= 500, "writes that go on");
        double pace = acknowledged.Count / TimeProvider.System.GetElapsedTime(start).TotalSeconds;

        long before = acknowledged.Count;
        string said = await Done("backup", Backup);
        long after = acknowledged.Count + 1; // One may be committed and not acknowledged yet.
        await enough.CancelAsync();
        await writing;

        Assert.True(pace >= 200, $"{pace:0} writes a second");
        Assert.Contains($"Backed up {Streams} streams to {Backup}", said, StringComparison.Ordinal);
        long[] saved = Generations(Backup);
        long moment = saved.Max();
        Assert.InRange(moment, before, after);
        // Of every stream the last write up to that moment, and nothing later.
        Assert.Equal(Enumerable.Range(0, Streams).Select(stream => moment - ((moment - stream) % Streams)), saved);
        Assert.Equal([Backup], Directory.EnumerateFiles(_folder.Path));
        await store.Check(CancellationToken.None);
    }

    [Fact]
    public async Task What_was_saved_after_the_backup_is_gone_after_a_restore_and_kept_aside()
    {
        using (SqliteStreamStore store = Open())
        {
            await store.Write(Row("a", 1));
            await Done("backup", Backup);
            await store.Write(Row("a", 2));
            await store.Write(Row("b", 1));
        }

        string said = await Done("restore", Backup);

        Assert.Contains("Restored 1 streams", said, StringComparison.Ordinal);
        using (SqliteStreamStore store = Open())
        {
            Assert.Equal(Row("a", 1), await store.Read(StreamId.Parse("a")));
            Assert.Null(await store.Read(StreamId.Parse("b")));
        }

        string aside = Assert.Single(Directory.EnumerateFiles(Data, "streams.db.before-restore-*Z"));
        Assert.Contains(aside, said, StringComparison.Ordinal);
        File.Move(aside, DatabaseFile, overwrite: true);
        using SqliteStreamStore former = Open();
        Assert.Equal(Row("b", 1), await former.Read(StreamId.Parse("b")));
    }

    [Fact]
    public async Task A_log_without_its_file_is_not_written_into_what_is_restored()
    {
        using (SqliteStreamStore store = Open())
        {
            await store.Write(Row("a", 1));
            await Done("backup", Backup);
            await store.Write(Row("b", 1));
            File.Copy(DatabaseFile + "-wal", _folder.File("kept"));
        }

        File.Delete(DatabaseFile);
        File.Move(_folder.File("kept"), DatabaseFile + "-wal", overwrite: true);
        await Done("restore", Backup);

        using SqliteStreamStore restored = Open();
        Assert.Null(await restored.Read(StreamId.Parse("b")));
    }

    [Fact]
    public async Task A_backup_goes_to_a_machine_that_has_no_data_yet()
    {
        using (SqliteStreamStore store = Open())
        {
            await store.Write(Row("a", 1));
            await Done("backup", Backup);
        }

        Directory.Delete(Data, recursive: true);
        await Done("restore", Backup);

        using SqliteStreamStore restored = Open();
        Assert.Equal(Row("a", 1), await restored.Read(StreamId.Parse("a")));
    }

    [Fact]
    public async Task A_backup_from_before_there_were_several_media_servers_is_restored()
    {
        using (SqliteStreamStore store = Open())
        {
            await store.Write(Row("a", 1));
            await Done("backup", Backup);
        }

        using (SqliteConnection old = Connect(Backup))
        {
            Execute(old, "ALTER TABLE streams DROP COLUMN node; PRAGMA user_version = 2");
        }

        await Done("restore", Backup);
        using SqliteStreamStore restored = Open();
        Assert.Equal(Row("a", 1), await restored.Read(StreamId.Parse("a")));
    }

    [Fact]
    public async Task A_restore_while_a_silo_has_the_folder_is_refused_and_names_it()
    {
        using SqliteStreamStore store = Open();
        await store.Write(Row("a", 1));
        await Done("backup", Backup);

        string refused = await Refused("restore", Backup);

        Assert.Contains($"process {Environment.ProcessId} on host {Environment.MachineName}", refused, StringComparison.Ordinal);
        Assert.Contains("make down", refused, StringComparison.Ordinal);
        await store.Check(CancellationToken.None);
    }

    [Theory]
    [InlineData("text", "it is no database")]
    [InlineData("empty", "another program")]
    [InlineData("foreign", "another program")]
    [InlineData("newer", "of version 99")]
    [InlineData("cut", "it is damaged")]
    [InlineData("page", "it is damaged")]
    [InlineData("row", "1 of its 50 streams are damaged: s7")]
    public async Task A_file_that_is_no_whole_backup_is_refused_and_nothing_is_touched(string what, string reason)
    {
        using (SqliteStreamStore store = Open())
        {
            await Fill(store);
            await Done("backup", Backup);
        }

        Spoil(what);
        Dictionary<string, byte[]> before = Contents();

        string refused = await Refused("restore", Backup);

        Assert.Contains($"{Backup} was not restored: ", refused, StringComparison.Ordinal);
        Assert.Contains(reason, refused, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task A_backup_of_the_first_version_is_restored_and_moved_to_the_present_one_by_the_next_start()
    {
        using (SqliteConnection old = Connect(Backup))
        {
            string state = StateJson.Write(new StreamState { Held = true, Generation = 4 });
            Execute(old, $"CREATE TABLE state (key TEXT PRIMARY KEY, version INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID; INSERT INTO state VALUES ('stream/stream/held', 1, '{state}'); PRAGMA user_version = 1");
        }

        Assert.Contains("Restored 1 streams", await Done("restore", Backup), StringComparison.Ordinal);

        using SqliteStreamStore store = Open();
        Assert.True((await store.Read(StreamId.Parse("held")))!.IsKept);
    }

    [Fact]
    public async Task A_damaged_row_keeps_no_other_stream_from_the_backup_and_is_named()
    {
        using SqliteStreamStore store = Open();
        await Fill(store);
        using (SqliteConnection other = Connect(DatabaseFile))
        {
            Execute(other, "UPDATE streams SET state = replace(state, '1970', '1971') WHERE stream_id = 's7'");
        }

        string said = await Done("backup", Backup);

        Assert.Contains($"Backed up {Streams} streams", said, StringComparison.Ordinal);
        Assert.Contains("damaged, and this backup cannot be restored with them: s7.", said, StringComparison.Ordinal);
        Assert.Contains("DELETE /v1/streams/{id}", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_file_is_written_over_by_a_backup()
    {
        using SqliteStreamStore store = Open();
        await File.WriteAllTextAsync(Backup, "last week's", TestContext.Current.CancellationToken);

        Assert.Contains("exists already", await Refused("backup", Backup), StringComparison.Ordinal);

        Assert.Equal("last week's", await File.ReadAllTextAsync(Backup, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Where_nothing_was_saved_there_is_nothing_to_back_up()
    {
        Assert.Contains("nothing to back up", await Refused("backup", Backup), StringComparison.Ordinal);
        Assert.Contains("no file", await Refused("restore", Backup), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_full_disk_leaves_no_half_backup()
    {
        using SqliteStreamStore store = Open();
        await Fill(store, size: 4_000);
        string small = Directory.CreateDirectory(_folder.File("small")).FullName;
        (int code, string output) = await Run("unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs \"$0\" || exit 77; \"$1\" backup \"$0/b\"; echo \"code $?\"; ls -A \"$0\"", small, Program);
        Assert.SkipWhen(code is 77 or 1, $"No file system of a test's own can be had here: {output}");

        Assert.Contains("the disk is full. Nothing is left of it", output, StringComparison.Ordinal);
        Assert.EndsWith("code 1", output.TrimEnd(), StringComparison.Ordinal);
        await store.Check(CancellationToken.None);
    }

    [Fact]
    public async Task With_PostgreSQL_the_program_says_what_does_it() => Assert.Contains(
        "pg_dump", (await Run("env", "Streams__Store__Kind=postgres", Program, "backup", Backup)).Output, StringComparison.Ordinal);

    private static async Task Fill(SqliteStreamStore store, int size = 1_000) =>
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => store.Write(Row($"s{stream}", 1, size: size))));

    private static async Task WriteInTurn(SqliteStreamStore store, ConcurrentQueue<long> acknowledged, CancellationToken enough)
    {
        for (long number = 0; !enough.IsCancellationRequested; number++)
        {
            await store.Write(Row($"s{number % Streams}", (number / Streams) + 1, number));
            acknowledged.Enqueue(number);
        }
    }

    private static long[] Generations(string file)
    {
        using SqliteConnection connection = Connect(file);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT generation FROM streams ORDER BY CAST(substr(stream_id, 2) AS INTEGER)";
        using SqliteDataReader rows = command.ExecuteReader();
        List<long> all = [];
        while (rows.Read())
        {
            all.Add(rows.GetInt64(0));
        }

        return [.. all];
    }

    private void Spoil(string what)
    {
        if (what is "text" or "empty" or "foreign")
        {
            File.WriteAllText(Backup, what == "text" ? new string('x', 8192) : "");
        }

        using SqliteConnection? connection = what is "foreign" or "newer" or "row" ? Connect(Backup) : null;
        switch (what)
        {
            case "foreign":
                Execute(connection!, "CREATE TABLE songs (title TEXT); PRAGMA user_version = 2");
                break;
            case "newer":
                Execute(connection!, "PRAGMA user_version = 99");
                break;
            case "row":
                Execute(connection!, "UPDATE streams SET state = replace(state, '1970', '1971') WHERE stream_id = 's7'");
                break;
            case "cut" or "page":
                using (FileStream file = new(Backup, FileMode.Open, FileAccess.Write))
                {
                    file.SetLength(what == "cut" ? file.Length / 2 : file.Length);
                    file.Position = 4096;
                    file.Write(what == "page" ? new byte[64] : []);
                }

                break;
        }
    }

    private Dictionary<string, byte[]> Contents() => Directory.EnumerateFiles(Data)
        .Where(static file => Path.GetFileName(file) is not ("streams.holder" or "streams.lock")).ToDictionary(static file => file, File.ReadAllBytes);

    private async Task<string> Done(string command, string file)
    {
        (int code, string output) = await Run(Program, command, file);
        Assert.True(code == 0, output);
        return output;
    }

    private async Task<string> Refused(string command, string file)
    {
        (int code, string output) = await Run(Program, command, file);
        Assert.True(code == 1, $"{code}: {output}");
        return output;
    }

    private async Task<(int Code, string Output)> Run(string program, params string[] arguments)
    {
        await using ChildProgram child = ChildProgram.Start(program, arguments, new Dictionary<string, string> { ["Streams__Data__Folder"] = Data });
        int code = await child.WaitForEnd(TimeSpan.FromSeconds(60));
        return (code, child.Output);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static StreamRow Row(string id, long version, long generation = 1, int size = 0) => StreamRows.Of(
        StreamId.Parse(id), version, new StreamState { Since = DateTimeOffset.UnixEpoch.AddSeconds(1), Generation = generation, LastReason = size == 0 ? null : new string('x', size) });

    private SqliteStreamStore Open() => new(DatabaseFile, TimeProvider.System);

    private static SqliteConnection Connect(string file)
    {
        SqliteConnection connection = new(string.Create(CultureInfo.InvariantCulture, $"Data Source={file};Pooling=False"));
        connection.Open();
        return connection;
    }
}
