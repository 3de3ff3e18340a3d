using System.Collections.Immutable;
using Npgsql;
using Orleans.Storage;

namespace Streams.Silo.Storage.Postgres;

/// <summary>
/// Streams in a PostgreSQL database, which one silo owns, or the silos of one cluster: then the version of a row decides whose save it is. Writes of all streams are committed together (<see cref="WriteQueue"/>); lists,
/// searches and counts are statements on the same rows (<see cref="PostgresListSql"/>).
/// </summary>
public sealed class PostgresStreamStore : IStreamStore, IAsyncDisposable
{
    /// <summary>So many rows of histories are one transaction.</summary>
    private const int HistoryBatch = 128;

    private const string FindRow = $"SELECT {RowReader.RowColumns} FROM streams WHERE stream_id = $1";

    private static readonly string FindHistory = $"""
        SELECT kind, at, entry, checksum FROM (
            SELECT number, kind, at, entry, checksum, row_number() OVER (PARTITION BY kind ORDER BY number DESC) AS place FROM history WHERE stream_id = $1
        ) AS ranked WHERE place <= CASE kind {HistoryBounds.Cases} END ORDER BY number
        """;

    private readonly PostgresReads _rows;
    private readonly PostgresReads _lists; // Apart: searches of people that take long keep no stream from being read.
    private readonly WriteQueue _writes;
    private readonly TimeProvider _time;
    private readonly Lock _probing = new();
    private long _probe;

    private PostgresStreamStore(PostgresTarget place, OwnedConnection connection, TimeProvider time)
    {
        Name = $"PostgreSQL {connection.ServerVersion}, {place.Text}";
        connection.Lost += reason => OnLost?.Invoke(reason);
        _rows = new PostgresReads(place, time);
        _lists = new PostgresReads(place, time);
        _writes = new WriteQueue(connection, place.Text, time);
        _time = time;
    }

    /// <summary>
    /// Called once, on a thread of the store's, when another silo or cluster has taken the database while the connection was lost. Nothing is written from
    /// then on: the process should end.
    /// </summary>
    public event Action<string>? OnLost;

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Takes the database for this silo, and brings its schema up to date. A server that starts at the same time is waited for.</summary>
    /// <param name="connectionString">As Npgsql takes it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StorageUnusableException">It cannot be used; the message says why, and what to do, without credentials.</exception>
    public static Task<PostgresStreamStore> Open(string connectionString, TimeProvider time, CancellationToken cancellationToken) => Open(connectionString, null, time, cancellationToken);

    /// <summary>Takes the database for this silo or for its cluster, and brings its schema up to date. A server that starts at the same time is waited for.</summary>
    /// <param name="connectionString">As Npgsql takes it.</param>
    /// <param name="cluster">The id of the cluster whose silos share it; null for a silo that has it alone.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StorageUnusableException">It cannot be used; the message says why, and what to do, without credentials.</exception>
    public static async Task<PostgresStreamStore> Open(string connectionString, string? cluster, TimeProvider time, CancellationToken cancellationToken)
    {
        PostgresTarget place = new(connectionString);
        return new PostgresStreamStore(place, await PostgresOpening.Open(place, cluster, time, cancellationToken), time);
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
        long number = NextProbe();
        await _writes.Run([WriteCommands.Probe(number), .. WriteCommands.ProbeTables]).WaitAsync(cancellationToken);
        long found = await _rows.One("SELECT number FROM probe", static reader => reader.GetInt64(0), null, cancellationToken);
        if (found < number)
        {
            throw new StoreUnavailableException($"{Name} does not return what was written: reads and writes reach different servers.");
        }
    }

    /// <summary>Finishes what waits, and gives the database back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writes.DisposeAsync();
        await _rows.DisposeAsync();
        await _lists.DisposeAsync();
    }

    /// <summary>Silos that share the database write the same row, and the highest number stays: so it is about the time, and more than the one before.</summary>
    private long NextProbe()
    {
        lock (_probing)
        {
            return _probe = Math.Max(_time.GetUtcNow().UtcTicks, _probe + 1);
        }
    }
}
