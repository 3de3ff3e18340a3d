using System.Globalization;
using Npgsql;
using Orleans.Storage;
using Streams.Silo.Storage.Postgres;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Storage.Postgres;

/// <summary>Writes that are committed together, of which one is refused; and a silo that has lost its database.</summary>
public sealed class PostgresWriteTests(SharedPostgres shared) : IAsyncLifetime
{
    private string _database = null!;
    private PostgresStreamStore _store = null!;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await (await shared.Server).CreateDatabase();
        _store = await PostgresStreamStore.Open(_database, TimeProvider.System, Ended);
    }

    public ValueTask DisposeAsync() => _store?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task What_the_server_refuses_of_one_stream_is_that_streams_problem_alone()
    {
        await Sql("ALTER TABLE streams ADD CONSTRAINT refused CHECK (stream_id <> 's32')");
        Exception?[] outcomes = await WriteAll(Enumerable.Range(0, 64).Select(static i => PostgresRows.Of($"s{i}")));

        StoreUnavailableException refused = Assert.IsType<StoreUnavailableException>(outcomes[32]);
        Assert.Contains("violates check constraint", refused.Message, StringComparison.Ordinal);
        Assert.Contains("SQLSTATE 23514", refused.Message, StringComparison.Ordinal);
        Assert.Equal(63, outcomes.Count(static outcome => outcome is null));
        Assert.Equal(63, (await _store.List(new StreamListQuery(), Ended)).Total);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x61, 0, 0x62)]
    [InlineData(0xd83c)]
    [InlineData(0xdfa5, 0xd83c)]
    public async Task A_text_that_PostgreSQL_does_not_keep_is_refused_and_spoils_no_other(params int[] characters)
    {
        string text = string.Concat(characters.Select(static character => (char)character));
        Exception?[] outcomes = await WriteAll([PostgresRows.Of("a"), PostgresRows.Of("b", profile: text), PostgresRows.Of("c", profile: "ä 🎥")]);
        Assert.Contains("does not keep", Assert.IsType<StoreUnavailableException>(outcomes[1]).Message, StringComparison.Ordinal);
        Assert.Equal(["a", "c"], (await _store.List(new StreamListQuery(), Ended)).Items.Select(static entry => entry.StreamId.Value));
        HistoryRow row = new(StreamId.Parse("a"), HistoryKind.Entry, 0, text, 0);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.AppendHistory([row]));
    }

    [Fact]
    public async Task A_row_that_somebody_has_locked_keeps_only_its_own_stream_from_being_saved()
    {
        await WriteAll(Enumerable.Range(0, 8).Select(static i => PostgresRows.Of($"s{i}")));
        await using NpgsqlConnection other = new(_database);
        await other.OpenAsync(Ended);
        await using (NpgsqlTransaction transaction = await other.BeginTransactionAsync(Ended))
        {
            await using NpgsqlCommand hold = new("SELECT FROM streams WHERE stream_id = 's3' FOR UPDATE", other, transaction);
            await hold.ExecuteNonQueryAsync(Ended);

            Exception?[] outcomes = await WriteAll(Enumerable.Range(0, 8).Select(static i => PostgresRows.Of($"s{i}", 2)));

            Assert.Contains("locked for somebody else", Assert.IsType<StoreUnavailableException>(outcomes[3]).Message, StringComparison.Ordinal);
            Assert.Equal(7, outcomes.Count(static outcome => outcome is null));
        }

        await _store.Write(PostgresRows.Of("s3", 2));
    }

    [Fact]
    public async Task A_conflict_and_a_refusal_in_one_batch_are_told_to_their_own_callers()
    {
        await _store.Write(PostgresRows.Of("taken"));
        await Sql("ALTER TABLE streams ADD CONSTRAINT refused CHECK (stream_id <> 'refused')");
        Exception?[] outcomes = await WriteAll([PostgresRows.Of("taken"), PostgresRows.Of("refused"), PostgresRows.Of("fine"), PostgresRows.Of("late", 5)]);
        Assert.IsType<InconsistentStateException>(outcomes[0]);
        Assert.IsType<StoreUnavailableException>(outcomes[1]);
        Assert.Null(outcomes[2]);
        Assert.IsType<InconsistentStateException>(outcomes[3]);
    }

    [Fact]
    public async Task A_silo_whose_database_was_taken_meanwhile_writes_nothing_any_more_and_says_so()
    {
        TaskCompletionSource<string> lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.OnLost += lost.SetResult;
        await _store.Write(PostgresRows.Of("a"));
        await using NpgsqlConnection other = new(_database);
        await other.OpenAsync(Ended);
        await using NpgsqlCommand take = new("SELECT pg_advisory_lock(hashtextextended('streams owner ' || current_schema(), 0))", other);
        Task taking = take.ExecuteNonQueryAsync(Ended); // It stands in line, and gets it as soon as it is free.
        await Eventually.Get(() => Sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"), static waiting => waiting == "1", "another that waits for the lock");
        await Sql("UPDATE owner SET pid = 4711, host = 'other'");
        await Sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        await taking;

        string reason = await lost.Task.WaitAsync(Eventually.Patience, Ended);

        Assert.Contains("taken by another silo while its connection was lost: process 4711 on other", reason, StringComparison.Ordinal);
        foreach (Func<Task> write in (Func<Task>[])[() => _store.Write(PostgresRows.Of("a", 2)), () => _store.Check(Ended), () => _store.Drop(StreamId.Parse("a"))])
        {
            Assert.Equal(reason, (await Assert.ThrowsAsync<StoreUnavailableException>(write)).Message);
        }

        Assert.Equal(1, (await _store.Read(StreamId.Parse("a")))!.Version);
        await other.CloseAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.Write(PostgresRows.Of("a", 2)));
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        await _store.DisposeAsync();
        StoreUnavailableException closed = await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.Write(PostgresRows.Of("a")));
        Assert.Contains("the silo ends", closed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_ordered_before_it_is_closed_is_written()
    {
        Task writes = Task.WhenAll(Enumerable.Range(0, 600).Select(i => _store.Write(PostgresRows.Of($"s{i}"))));
        await _store.DisposeAsync();
        await writes;
        Assert.Equal("600", await Sql("SELECT count(*) FROM streams"));
    }

    [Fact]
    public async Task What_is_beyond_a_historys_bounds_is_removed()
    {
        await WriteAll([PostgresRows.Of("a"), PostgresRows.Of("b")]);
        StreamId id = StreamId.Parse("a");
        await _store.AppendHistory([new HistoryRow(StreamId.Parse("b"), HistoryKind.Entry, 0, "{}", 0)]);
        await _store.AppendHistory([.. Enumerable.Range(0, 1_000).Select(i => new HistoryRow(id, i % 3 == 0 ? HistoryKind.Run : HistoryKind.Entry, i, "{}", 0))]);

        const int Slack = 16;
        int kept = int.Parse(await Sql("SELECT count(*) FROM history WHERE stream_id = 'a'"), CultureInfo.InvariantCulture);
        Assert.InRange(kept, HistoryRow.MaxRows(HistoryKind.Entry) + HistoryRow.MaxRows(HistoryKind.Run), HistoryRow.MaxRows(HistoryKind.Entry) + HistoryRow.MaxRows(HistoryKind.Run) + Slack);
        Assert.Equal("1", await Sql("SELECT count(*) FROM history WHERE stream_id = 'b'"));
        Assert.Equal(999, (await _store.ReadHistory(id, Ended))[^1].AtTicks);
    }

    /// <summary>Rows that are changed by hand are counted as well.</summary>
    [Fact]
    public async Task The_counts_follow_changes_by_hand()
    {
        await WriteAll(Enumerable.Range(0, 10).Select(static i => PostgresRows.Of($"s{i}")));
        await Sql("UPDATE streams SET phase = 5 WHERE stream_id < 's3'");
        await Sql("DELETE FROM streams WHERE stream_id = 's0'");
        await Sql("UPDATE streams SET phase = 5, version = version + 1 WHERE stream_id = 's1'");
        Assert.Equal([new PhaseCount(StreamPhase.Running, 7), new PhaseCount(StreamPhase.Failed, 2)], await _store.Count("", Ended));
        await Sql("TRUNCATE streams");
        Assert.Empty(await _store.Count("", Ended));
        Assert.Equal(0, (await _store.List(new StreamListQuery(), Ended)).Total);
    }

    private async Task<string> Sql(string sql) => await (await shared.Server).Sql(new NpgsqlConnectionStringBuilder(_database).Database!, sql);

    private async Task<Exception?[]> WriteAll(IEnumerable<StreamRow> rows) =>
        await Task.WhenAll(rows.Select(row => Record.ExceptionAsync(() => _store.Write(row)).AsTask()));
}
