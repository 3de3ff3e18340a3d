using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>Stores streams in one SQLite file in the silo's data folder, for a single machine.</summary>
internal sealed class SqliteStreamStore : IStreamStore, IDisposable
{
    private const int ForgetAtOnce = 200;

    // Histories are trimmed only now and then, so there may be more rows than are kept.
    private static readonly string LastRows = $"""
        SELECT kind, at, entry, checksum FROM (
            SELECT number, kind, at, entry, checksum, row_number() OVER (PARTITION BY kind ORDER BY number DESC) AS place FROM history WHERE stream_id = $id)
        WHERE place <= CASE kind {HistoryBounds.Cases} END ORDER BY number
        """;

    private readonly string _file;
    private readonly FolderLock _folder;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly FileHealth _health;
    private readonly SemaphoreSlim _oneCheck = new(1, 1); // A late check may still run when the next one starts.
    private bool _isLost;

    /// <summary>Locks the folder and opens the file; both are created when missing.</summary>
    /// <param name="file">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="maxPages">The most pages (4 KB each) of the file; null for no limit.</param>
    /// <exception cref="StorageUnusableException">The store cannot be used; the message says why and what to do.</exception>
    public SqliteStreamStore(string file, TimeProvider time, int? maxPages = null)
    {
        // A symbolic link is resolved first: the log and the lock are beside the file itself.
        _file = file = new FileInfo(file).LinkTarget is null ? file : File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName;
        _folder = FolderLock.Acquire(Path.GetDirectoryName(file)!, time);
        try
        {
            _writer = new SqliteWriter(file, SqliteSchema.Open(file, maxPages));
        }
        catch
        {
            _folder.Dispose();
            throw;
        }

        _readers = new SqliteReaders(file);
        _health = new FileHealth(file, time);
    }

    /// <summary>Raised once, when the lock was removed or replaced and another silo has taken over the folder: the process should end.</summary>
    public event Action<string>? OnLost;

    public string Name => $"SQLite, {_file}";

    public DateTimeOffset? FormerlyUsedAt => _folder.FormerlyHeldAt;

    public Task<StreamRow?> Read(StreamId id) => _writer.Enqueue(statements => statements.Find(id));

    public Task Write(StreamRow row) => _writer.Enqueue(statements => statements.Write(row), row.Json.Length);

    public Task<bool> Drop(StreamId id) => _writer.Enqueue(statements => statements.Drop(id), id.Value.Length);

    public Task AppendHistory(IReadOnlyList<HistoryRow> rows) => _writer.Enqueue(statements => statements.Append(rows), rows.Sum(static row => row.Json.Length));

    public Task<StreamListPage> List(StreamListQuery query, CancellationToken cancellationToken) => SearchText.CanMatch(query.Search)
        ? _readers.Read(connection => ReadPage(connection, query), cancellationToken)
        : Task.FromResult(new StreamListPage(0, []));

    public Task<ImmutableArray<PhaseCount>> Count(string search, CancellationToken cancellationToken) => SearchText.CanMatch(search)
        ? _readers.Read(
            connection => Query(connection, SqliteListSql.CountByPhase(search, HasFewHits(connection, search)), search, RowReader.ReadCount),
            cancellationToken)
        : Task.FromResult(ImmutableArray<PhaseCount>.Empty);

    public Task<ImmutableArray<StreamEntry>> ListActive(CancellationToken cancellationToken) => _readers.Read(
        static connection => Query(connection, $"SELECT {RowReader.EntryColumns} FROM streams INDEXED BY streams_active WHERE {SqliteListSql.Active} ORDER BY stream_id", "", RowReader.ReadEntry),
        cancellationToken);

    public async Task<int> Forget(int maxOffline, CancellationToken cancellationToken)
    {
        long offline = await _readers.Read(
            static connection => Query(connection, $"SELECT COUNT(*) FROM streams WHERE {SqliteSchema.Forgettable}", "", static row => row.GetInt64(0))[0], cancellationToken);
        int surplus = (int)Math.Min(offline - maxOffline, ForgetAtOnce);
        return surplus <= 0 ? 0 : await _writer.Enqueue(statements => statements.Forget(surplus), surplus);
    }

    public Task<ImmutableArray<HistoryRow>> ReadHistory(StreamId id, CancellationToken cancellationToken) =>
        _readers.Read(connection => ReadRows(connection, id), cancellationToken);

    public async Task Check(CancellationToken cancellationToken)
    {
        await _oneCheck.WaitAsync(cancellationToken);
        try
        {
            await CheckAlone(cancellationToken);
        }
        finally
        {
            _oneCheck.Release();
        }
    }

    public void Dispose()
    {
        _readers.Dispose();
        _writer.Dispose();
        _health.Dispose(); // After the writer, since closing its handle releases the writer's locks.
        _folder.Dispose();
        _oneCheck.Dispose();
    }

    private async Task CheckAlone(CancellationToken cancellationToken)
    {
        if (await Task.Run(_folder.FindOther, cancellationToken) is { } other)
        {
            if (!_isLost)
            {
                _isLost = true;
                OnLost?.Invoke(other + ".");
            }

            throw new StoreUnavailableException($"{other}. This silo ends.");
        }

        await _writer.Enqueue(static statements => statements.Probe());
        if (await Task.Run(_health.FindProblem, cancellationToken) is { } problem)
        {
            throw new StoreUnavailableException($"The store cannot be used: {problem}.");
        }
    }

    private static StreamListPage ReadPage(SqliteConnection connection, StreamListQuery query)
    {
        bool hasFewHits = HasFewHits(connection, query.Search);
        long total = Query(connection, SqliteListSql.Count(query, hasFewHits), query.Search, static row => row.GetInt64(0))[0];
        long wanted = Math.Min(query.Take, total - query.Skip);
        if (wanted <= 0)
        {
            return new StreamListPage(total, []);
        }

        // SQLite walks over the skipped rows, so read from the nearer end.
        bool isReversed = query.Skip > total / 2;
        long skip = isReversed ? total - query.Skip - wanted : query.Skip;
        ImmutableArray<StreamEntry> page = Query(connection, SqliteListSql.Page(query, hasFewHits, skip, wanted, isReversed), query.Search, RowReader.ReadEntry);
        return new StreamListPage(total, isReversed ? [.. page.Reverse()] : page);
    }

    private static bool HasFewHits(SqliteConnection connection, string search) =>
        SqliteListSql.CountHits(search) is { } count && SqliteListSql.IsFew(Query(connection, count, search, static row => row.GetInt64(0))[0]);

    private static ImmutableArray<HistoryRow> ReadRows(SqliteConnection connection, StreamId id)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = LastRows;
        command.Parameters.AddWithValue("$id", id.Value);
        using SqliteDataReader rows = command.ExecuteReader();
        ImmutableArray<HistoryRow>.Builder all = ImmutableArray.CreateBuilder<HistoryRow>();
        while (rows.Read())
        {
            all.Add(new HistoryRow(id, (HistoryKind)rows.GetInt32(0), rows.GetInt64(1), rows.GetString(2), rows.GetInt64(3)));
        }

        return all.DrainToImmutable();
    }

    private static ImmutableArray<T> Query<T>(SqliteConnection connection, string sql, string search, Func<SqliteDataReader, T?> read)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        if (search.Length > 0)
        {
            command.Parameters.AddWithValue("@search", SearchText.PatternOf(search));
            command.Parameters.AddWithValue("@match", SqliteListSql.PhraseOf(search));
        }

        using SqliteDataReader rows = command.ExecuteReader();
        ImmutableArray<T>.Builder all = ImmutableArray.CreateBuilder<T>();
        while (rows.Read())
        {
            if (read(rows) is { } item)
            {
                all.Add(item);
            }
        }

        return all.DrainToImmutable();
    }
}
