using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Scripts;

/// <summary><c>make backup</c> and <c>make restore</c>; what the silo's program does for SQLite is tested with the silo.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private const string Database = "test_1";

    /// <summary>As much of the silo's tables as the scripts know of.</summary>
    private const string Tables = """
        CREATE TABLE streams (stream_id text PRIMARY KEY);
        CREATE TABLE schema_version (version integer NOT NULL);
        CREATE TABLE owner (pid integer, host text, started_at timestamptz);
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX streams_by_part ON streams USING gin (stream_id gin_trgm_ops);
        INSERT INTO schema_version VALUES (1);
        INSERT INTO owner VALUES (4711, 'silo-host', '2026-01-31 13:00:00+00');
        INSERT INTO streams SELECT 's' || number FROM generate_series(1, 1000) AS number;
        """;

    private readonly RunFolder _run = new();

    private string Backup => Path.Combine(_run.Path, "streams.backup");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [InlineData("backup")]
    [InlineData("restore")]
    public async Task With_SQLite_the_silos_program_does_it_on_the_runs_data(string command)
    {
        string silo = Path.Combine(_run.Path, "silo");
        await File.WriteAllTextAsync(silo, "#!/bin/sh\necho \"$*: $Streams__Store__Kind in $Streams__Data__Folder\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(silo, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _run.Environment["STREAMS_SILO_BIN"] = silo;

        ScriptRun run = (await _run.Script(command, silo)).Succeeded();

        Assert.Equal($"{command} {silo}: sqlite in {_run.Path}/data\n", run.Output);
    }

    [Fact]
    public async Task Without_a_file_or_a_folder_for_it_both_say_what_to_type()
    {
        Assert.Contains("make backup FILE=", (await _run.Script("backup")).Failed().Error, StringComparison.Ordinal);
        Assert.Contains("make restore FILE=", (await _run.Script("restore", "")).Failed().Error, StringComparison.Ordinal);
        Assert.Contains("there is no folder", (await _run.Script("backup", Path.Combine(_run.Path, "none", "file"))).Failed().Error, StringComparison.Ordinal);
        Assert.Contains("there is no file", (await _run.Script("restore", Backup)).Failed().Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Database=streams;Username=me;Password=secret", "db||streams|me|secret|")]
    [InlineData(" server = db.example ; PORT=5433;User Id=me; pwd = a b ;;Pooling=true;", "db.example|5433|me|me|a b|")]
    [InlineData("Host=db:5433;DB=x;UserName='it''s';Password=\"se;c\"\"r='et\"", "db|5433|x|it's|se;c\"r='et|")]
    [InlineData("Host=::1;Database=x;User=me;Password=a=b==;SSL Mode=VerifyFull", "::1||x|me|a=b==|verify-full")]
    [InlineData("Host=/var/run/postgresql;Database=x;Uid=me;Password=$(id)`id`;SslMode=Require", "/var/run/postgresql||x|me|$(id)`id`|require")]
    public async Task The_connection_string_becomes_the_variables_of_PostgreSQLs_programs(string connection, string variables)
    {
        _run.Environment["STREAMS_STORE_CONNECTION"] = connection;

        ScriptRun run = await _run.Bash("env lib postgres", "postgres_environment; printf '%s|%s|%s|%s|%s|%s' \"$PGHOST\" \"${PGPORT:-}\" \"$PGDATABASE\" \"$PGUSER\" \"$PGPASSWORD\" \"${PGSSLMODE:-}\"");

        Assert.Equal(variables, run.Succeeded().Output);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("Database=secret", "names no Host")]
    [InlineData("Host=db;Password='secret", "a quote is not closed")]
    [InlineData("Host=db;Password='sec'ret", "something follows a closing quote")]
    [InlineData("Host=db;Password=sec;ret", "a name that has no value")]
    public async Task A_connection_string_that_cannot_be_read_is_refused_without_showing_it(string connection, string reason)
    {
        _run.Environment["STREAMS_STORE_CONNECTION"] = connection;

        ScriptRun run = await _run.Bash("env lib postgres", "postgres_environment");

        Assert.Contains(reason, run.Failed().Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sec;ret", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("'sec", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_program_is_named_with_what_to_install()
    {
        ScriptRun run = await _run.Bash("env lib postgres", "has() { [ $1 != pg_dump ]; }; need_postgres_programs psql pg_dump");

        Assert.Contains("pg_dump is not installed", run.Failed().Error, StringComparison.Ordinal);
        Assert.Contains("postgresql-client", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_program_has_the_password_among_its_arguments_and_a_dump_that_breaks_off_leaves_nothing()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_run.Path, "programs")).FullName;
        foreach (string program in (string[])["pg_dump", "pg_restore", "psql"])
        {
            string file = Path.Combine(folder, program);
            await File.WriteAllTextAsync(file, "#!/bin/sh\necho \"$0 $*\" >&2\nenv >&2\nfor argument; do case $argument in --file=*) echo half >\"${argument#*=}\" ;; esac; done\nexit 1\n", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        _run.Environment["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
        _run.Environment["STREAMS_STORE"] = "postgres";
        _run.Environment["STREAMS_STORE_CONNECTION"] = "Host=db;Username=me;Password=secret";

        ScriptRun run = (await _run.Script("backup", Backup)).Failed();

        Assert.Contains("PGPASSWORD=secret", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Split("secret").Length - 1);
        Assert.Contains($"--file={Backup}.", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_run.Path, "streams.backup*"));
    }

    [Fact]
    public async Task PostgreSQL_gets_back_what_it_had_and_nothing_of_what_came_later()
    {
        await using PostgresServer server = await Start();
        ScriptRun backup = (await _run.Script("backup", Backup)).Succeeded();
        Assert.Contains($"Backed up the database {Database}", backup.Output, StringComparison.Ordinal);
        await server.Sql(Database, "DELETE FROM streams WHERE stream_id <> 's1'; INSERT INTO streams VALUES ('later')");

        ScriptRun restore = (await _run.Script("restore", Backup)).Succeeded();

        Assert.Contains("Restored 1000 streams", restore.Output, StringComparison.Ordinal);
        Assert.Equal("1000|0", await Count(server));
        Assert.Contains("exists already", (await _run.Script("backup", Backup)).Failed().Error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Password, backup.ToString() + restore, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostgreSQL_gets_a_backup_into_a_new_database()
    {
        await using PostgresServer server = await Start();
        (await _run.Script("backup", Backup)).Succeeded();
        _run.Environment["STREAMS_STORE_CONNECTION"] = await server.CreateDatabase();

        Assert.Contains("Restored 1000 streams", (await _run.Script("restore", Backup)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keys_of_sessions_are_in_no_backup_and_their_table_is()
    {
        await using PostgresServer server = await Start();
        await server.Sql(Database, "CREATE TABLE session_keys (name text); INSERT INTO session_keys VALUES ('key-of-everybody')");
        (await _run.Script("backup", Backup)).Succeeded();

        (await _run.Script("restore", Backup)).Succeeded();

        Assert.Equal("0", await server.Sql(Database, "SELECT count(*) FROM session_keys"));
    }

    [Fact]
    public async Task A_database_that_a_silo_owns_is_left_alone_and_the_silo_named()
    {
        await using PostgresServer server = await Start();
        (await _run.Script("backup", Backup)).Succeeded();
        await server.Sql(Database, "INSERT INTO streams VALUES ('later')");
        // As a silo does for as long as it lives.
        Task<string> silo = server.Sql(Database, "SELECT pg_advisory_lock(hashtextextended('streams owner ' || current_schema(), 0)), pg_sleep(60)");
        await Eventually.Get(() => server.Sql(Database, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), static locks => locks == "1", "a silo's lock");

        ScriptRun refused = (await _run.Script("restore", Backup)).Failed();

        Assert.Contains("process 4711 on host silo-host, started at 2026-01-31", refused.Error, StringComparison.Ordinal);
        Assert.Equal("1001|1", await Count(server));
        await server.Sql(Database, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
        await Assert.ThrowsAsync<InvalidOperationException>(() => silo);
    }

    [Theory]
    [InlineData("cut", "not restored")]
    [InlineData("spoilt", "not restored")]
    [InlineData("foreign", "no backup of Streams' database")]
    [InlineData("text", "no backup of Streams' database")]
    public async Task A_damaged_or_foreign_file_is_refused_and_the_database_is_as_it_was(string what, string reason)
    {
        await using PostgresServer server = await Start();
        if (what == "foreign")
        {
            string other = await server.CreateDatabase();
            await server.Sql("test_2", "CREATE TABLE songs (title text)");
            (await _run.Bash("env lib postgres", $"STREAMS_STORE_CONNECTION='{other}' postgres_environment; pg_dump --format=custom --file='{Backup}'")).Succeeded();
        }
        else
        {
            (await _run.Script("backup", Backup)).Succeeded();
            Spoil(what);
        }

        await server.Sql(Database, "INSERT INTO streams VALUES ('later')");

        ScriptRun refused = (await _run.Script("restore", Backup)).Failed();

        Assert.Contains(reason, refused.Error, StringComparison.Ordinal);
        Assert.Contains("The store is as it was", refused.Error, StringComparison.Ordinal);
        Assert.Equal("1001|1", await Count(server));
    }

    [Fact]
    public async Task A_database_without_streams_and_one_that_is_away_leave_no_backup()
    {
        await using PostgresServer server = await Start();
        _run.Environment["STREAMS_STORE_CONNECTION"] = await server.CreateDatabase();
        Assert.Contains("has no table of streams", (await _run.Script("backup", Backup)).Failed().Error, StringComparison.Ordinal);
        await server.Kill();

        Assert.Contains("no backup was written", (await _run.Script("backup", Backup)).Failed().Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_run.Path, "streams.backup*"));
        await server.StartAgain();
    }

    private async Task<PostgresServer> Start()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        Assert.SkipWhen(ChildProgram.Find("pg_dump") is null, "pg_dump is not on the PATH.");
        PostgresServer server = await PostgresServer.Start();
        _run.Environment["STREAMS_STORE"] = "postgres";
        _run.Environment["STREAMS_STORE_CONNECTION"] = await server.CreateDatabase();
        await server.Sql(Database, Tables);
        return server;
    }

    private static Task<string> Count(PostgresServer server) => server.Sql(Database, "SELECT count(*), count(*) FILTER (WHERE stream_id = 'later') FROM streams");

    private void Spoil(string what)
    {
        using FileStream file = new(Backup, FileMode.Open, FileAccess.ReadWrite);
        switch (what)
        {
            case "cut":
                file.SetLength(file.Length - 200);
                break;
            case "spoilt":
                file.Position = file.Length - 1_500;
                file.Write(new byte[600]);
                break;
            default:
                file.SetLength(0);
                file.Write("no dump"u8);
                break;
        }
    }
}
