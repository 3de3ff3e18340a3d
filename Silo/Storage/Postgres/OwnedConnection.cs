using System.Globalization;
using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>
/// The one connection that writes. Its session holds the lock by which a silo, or its cluster, owns the database, so that nothing can be committed by a silo
/// that has lost it. A lost connection is opened again by the next <see cref="Get"/>. For one caller at a time.
/// </summary>
internal sealed class OwnedConnection : IAsyncDisposable
{
    /// <summary>
    /// The server ends a statement before its callers' limit, waits shortly for a row that somebody has locked, and notices a client
    /// that is gone without a word in about 8 s. All that this session does finds rows by their keys: a plan that was made while a table was small
    /// must not read the whole of it when it is large.
    /// </summary>
    private const string Session = "SET statement_timeout = '4500ms'; SET lock_timeout = '500ms'; SET default_transaction_isolation = 'read committed'; "
        + "SET jit = off; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; "
        + "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3";

    private readonly NpgsqlDataSource _source;
    private readonly PostgresTarget _place;
    private readonly TimeProvider _time;
    private readonly DatabaseLock _lock;
    private readonly string? _cluster;
    private NpgsqlConnection? _connection;
    private string? _lost;
    private bool _isOwner;

    /// <param name="place">The database.</param>
    /// <param name="cluster">The id of the cluster whose silos share it; null for a silo that has it alone.</param>
    /// <param name="time">The clock.</param>
    public OwnedConnection(PostgresTarget place, string? cluster, TimeProvider time)
    {
        _place = place;
        _cluster = cluster;
        _time = time;
        string name = $"streams {Environment.ProcessId} {Guid.NewGuid():N}";
        _source = place.CreateWriter(name);
        _lock = new DatabaseLock(name, cluster, time);
    }

    /// <summary>Called once, when another silo or cluster has taken the database while the connection was lost. Nothing is written from then on.</summary>
    public event Action<string>? Lost;

    /// <summary>The server's version; empty before the first connection.</summary>
    public string ServerVersion { get; private set; } = "";

    /// <summary>The connection, opened when it is not, within the limit of <see cref="PostgresTarget"/>.</summary>
    /// <exception cref="StoreUnavailableException">Another silo or cluster has taken the database.</exception>
    /// <exception cref="NpgsqlException">The server cannot be reached, or refuses.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public async Task<NpgsqlConnection> Get()
    {
        if (_lost is not null)
        {
            throw new StoreUnavailableException(_lost);
        }

        if (_connection is { FullState: System.Data.ConnectionState.Open } open)
        {
            return open;
        }

        Abandon(Task.CompletedTask);
        try
        {
            return _connection = await OpenWithin(PostgresTarget.Limit, CancellationToken.None);
        }
        catch (DatabaseOwnedException owned) when (_isOwner)
        {
            string whom = owned.IsOfCluster || _cluster is not null ? "another cluster, or a silo that is in none," : "another silo";
            _lost = $"PostgreSQL at {_place.Text} was taken by {whom} while its connection was lost: {owned.Owner}. This silo writes nothing any more; end one of the two.";
            Lost?.Invoke(_lost);
            throw new StoreUnavailableException(_lost, owned);
        }
    }

    /// <summary>Opens it for the first time, and brings the schema up to date, which may take longer.</summary>
    /// <exception cref="DatabaseOwnedException">Another silo or cluster owns it.</exception>
    public async Task Open(CancellationToken cancellationToken)
    {
        _connection = await Open(true, cancellationToken);
        _isOwner = true;
    }

    /// <summary>Leaves the connection, and closes it when what still runs on it has ended: a server that hangs is not waited for.</summary>
    /// <param name="running">What still runs.</param>
    public void Abandon(Task running)
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            _ = CloseAfter(running, connection);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            await CloseAfter(Task.CompletedTask, connection);
        }

        await _source.DisposeAsync();
    }

    private async Task<NpgsqlConnection> OpenWithin(TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<NpgsqlConnection> opening = Open(false, late.Token);
        try
        {
            return await opening.WaitAsync(limit, _time, cancellationToken);
        }
        catch
        {
            // If it opens after all it is closed again, and with it goes the lock.
            await late.CancelAsync();
            _ = CloseLate(opening);
            throw;
        }
    }

    private async Task<NpgsqlConnection> Open(bool isFirst, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = _source.CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken);
            ServerVersion = string.Create(CultureInfo.InvariantCulture, $"{connection.PostgreSqlVersion.Major}.{connection.PostgreSqlVersion.Minor}");
            if (isFirst)
            {
                PostgresRequirements.Check(connection, _place.Text);
            }

            await _lock.Acquire(connection, cancellationToken);
            if (isFirst)
            {
                await PostgresSchema.Migrate(connection, _place.Text, cancellationToken);
                await PostgresSchema.TryIndexSearch(connection, cancellationToken);
            }

            await _lock.Sign(connection, cancellationToken);
            await Execute(connection, Session, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return connection;
        }
        catch
        {
            await CloseAfter(Task.CompletedTask, connection);
            throw;
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task CloseLate(Task<NpgsqlConnection> opening)
    {
        try
        {
            await CloseAfter(Task.CompletedTask, await opening);
        }
        catch (Exception)
        {
            // It did not open; the caller has received the failure.
        }
    }

    private static async Task CloseAfter(Task running, NpgsqlConnection connection)
    {
        try
        {
            await running;
        }
        catch (Exception)
        {
            // The caller has received the failure.
        }

        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception)
        {
            // It is closed, which is all that is wanted.
        }
    }
}
