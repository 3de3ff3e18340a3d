using System.Collections.Immutable;
using Npgsql;
using Orleans.Storage;

namespace Streams.Silo.Storage.Postgres;

/// <summary>
/// Stores streams in a PostgreSQL database that one silo owns. Writes of many streams are committed together (<see cref="WriteQueue"/>); lists,
/// searches and counts are queries on the same rows (<see cref="PostgresListSql"/>).
/// </summary>
public sealed class PostgresStreamStore : IStreamStore, IAsyncDisposable
{
    /// <summary>History rows per transaction.</summary>
    private const int HistoryBatch = 128;

    private const string FindRow = $"SELECT {RowReader.RowColumns} FROM streams WHERE stream_id = $1";

    private static readonly string FindHistory = $"""
        SELECT kind, at, entry, checksum FROM (
            SELECT number, kind, at, entry, checksum, row_number() OVER (PARTITION BY kind ORDER BY number DESC) AS place FROM history WHERE stream_id = $1
        ) AS ranked WHERE place <= CASE kind {HistoryBounds.Cases} END ORDER BY number
        """;

    private readonly PostgresReads _rows;
    private readonly PostgresReads _lists; // Separate pool: slow searches must not delay the reading of a stream.
    private readonly WriteQueue _writes;
    private long _probes;

    private PostgresStreamStore(PostgresTarget target, OwnedConnection connection, TimeProvider time)
    {
        Name = $"PostgreSQL {connection.ServerVersion}, {target.Text}";
        connection.Lost += reason => OnLost?.Invoke(reason);
        _rows = new PostgresReads(target, time);
        _lists = new PostgresReads(target, time);
        _writes = new WriteQueue(connection, target.Text, time);
        _probes = time.GetUtcNow().UtcTicks; // Differs from the numbers of earlier silos.
    }

    /// <summary>
    /// Raised once, on a thread of the store, when another silo has taken over the database while the connection was lost. Nothing is written
    /// from then on: the process should end.
    /// </summary>
    public event Action<string>? OnLost;

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Acquires the database for this silo, and migrates its schema. Waits for a server that is starting.</summary>
    /// <param name="connectionString">The connection string, in Npgsql's format.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <exception cref="StorageUnusableException">The database cannot be used; the message says why and what to do, without credentials.</exception>
    public static async Task<PostgresStreamStore> Open(string connectionString, TimeProvider time, CancellationToken cancellationToken)
    {
        PostgresTarget target = new(connectionString);
        return new PostgresStreamStore(target, await PostgresOpening.Open(target, time, cancellationToken), time);
    }

    /// <inheritdoc/>
    public async Task<StreamRow?> Read(StreamId id) =>
        (await _rows.All(FindRow, reader => RowReader.ReadRow(id, reader), id.Value, CancellationToken.None)).FirstOrDefault();

    /// <inheritdoc/>
    public async Task Write(StreamRow row)
    {
        PostgresText.ThrowUnlessStorable(row.StreamId, row.Json, row.Profile);
        long[] rows = await _writes.Run(WriteCommands.Save(row));
        if (rows[0] != 1)
        {
            throw new InconsistentStateException($"Stream {row.StreamId} was saved by another activation.", "another", $"{row.Version - 1}");
        }
    }

    /// <inheritdoc/>
    public async Task<bool> Drop(StreamId id)
    {
        long[] rows = await _writes.Run(WriteCommands.Drop(id), WriteCommands.DropHistory(id));
        return rows[0] == 1;
    }

    /// <inheritdoc/>
    public async Task<StreamListPage> List(StreamListQuery query, CancellationToken cancellationToken)
    {
        if (!SearchText.CanMatch(query.Search))
        {
            return new StreamListPage(0, []);
        }

        string? pattern = query.Search.Length == 0 ? null : SearchText.PatternOf(query.Search);
        long total = await _lists.One(PostgresListSql.Total(query), static reader => reader.GetInt64(0), pattern, cancellationToken);
        return query.Take <= 0 || query.Skip >= total
            ? new StreamListPage(total, [])
            : new StreamListPage(total, await _lists.All(PostgresListSql.Page(query, total), RowReader.ReadEntry, pattern, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<PhaseCount>> Count(string search, CancellationToken cancellationToken) => search switch
    {
        "" => await _lists.All(PostgresListSql.Counts, RowReader.ReadCount, null, cancellationToken),
        _ when !SearchText.CanMatch(search) => [],
        _ => await _lists.All(PostgresListSql.FoundCounts, RowReader.ReadCount, SearchText.PatternOf(search), cancellationToken),
    };

    /// <inheritdoc/>
    public Task<ImmutableArray<StreamEntry>> ListActive(CancellationToken cancellationToken) => _lists.All(PostgresListSql.Active, RowReader.ReadEntry, null, cancellationToken);

    /// <inheritdoc/>
    public async Task<int> Forget(int maxOffline, CancellationToken cancellationToken)
    {
        long surplus = await _lists.One(PostgresListSql.Forgettable, static reader => reader.GetInt64(0), null, cancellationToken) - maxOffline;
        if (surplus <= 0)
        {
            return 0;
        }

        long[] rows = await _writes.Run(WriteCommands.ForgetOldest((int)Math.Min(surplus, WriteCommands.MaxForgotten)));
        return (int)rows[0];
    }

    /// <inheritdoc/>
    public async Task AppendHistory(IReadOnlyList<HistoryRow> rows)
    {
        foreach (HistoryRow row in rows)
        {
            PostgresText.ThrowUnlessStorable(row.StreamId, row.Json);
        }

        foreach (HistoryRow[] part in rows.Chunk(HistoryBatch))
        {
            await _writes.Run([.. part.Select(WriteCommands.AppendHistory)]);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<HistoryRow>> ReadHistory(StreamId id, CancellationToken cancellationToken) => _rows.All(
        FindHistory,
        reader => new HistoryRow(id, (HistoryKind)reader.GetInt16(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3)),
        id.Value,
        cancellationToken);

    /// <inheritdoc/>
    public async Task Check(CancellationToken cancellationToken)
    {
        long number = Interlocked.Increment(ref _probes);
        await _writes.Run([WriteCommands.Probe(number), .. WriteCommands.ProbeTables]).WaitAsync(cancellationToken);
        long found = await _rows.One("SELECT number FROM probe", static reader => reader.GetInt64(0), null, cancellationToken);
        if (found < number)
        {
            throw new StoreUnavailableException($"{Name} does not return what was written: reads and writes reach different servers.");
        }
    }

    /// <summary>Completes the queued writes, and releases the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writes.DisposeAsync();
        await _rows.DisposeAsync();
        await _lists.DisposeAsync();
    }
}
