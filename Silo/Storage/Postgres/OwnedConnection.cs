using System.Globalization;
using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>
/// The one connection that writes. Its session holds the lock by which a silo owns the database, so that nothing can be committed by a silo
/// that has lost it. A lost connection is opened again by the next <see cref="Get"/>. For one caller at a time.
/// </summary>
internal sealed class OwnedConnection : IAsyncDisposable
{
    /// <summary>How long a predecessor may need to let go: the server ends a killed client's session when it notices.</summary>
    private static readonly TimeSpan Handover = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The server ends a statement before its callers' limit, waits shortly for a row that somebody has locked, and notices a client
    /// that is gone without a word in about 8 s. All that this session does finds rows by their keys: a plan that was made while a table was small
    /// must not read the whole of it when it is large.
    /// </summary>
    private const string Session = "SET statement_timeout = '4500ms'; SET lock_timeout = '500ms'; SET default_transaction_isolation = 'read committed'; "
        + "SET jit = off; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; "
        + "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3";

    private const string LockKey = "hashtextextended('streams owner ' || current_schema(), 0)";

    private readonly NpgsqlDataSource _source;
    private readonly PostgresPlace _place;
    private readonly TimeProvider _time;
    private readonly string _name;
    private NpgsqlConnection? _connection;
    private string? _lost;
    private bool _isOwner;

    /// <param name="place">The database.</param>
    /// <param name="time">The clock.</param>
    public OwnedConnection(PostgresPlace place, TimeProvider time)
    {
        _place = place;
        _time = time;
        _name = $"streams {Environment.ProcessId} {Guid.NewGuid():N}";
        _source = place.CreateWriter(_name);
    }

    /// <summary>Called once, when another silo has taken the database while the connection was lost. Nothing is written from then on.</summary>
    public event Action<string>? Lost;

    /// <summary>The server's version; empty before the first connection.</summary>
    public string ServerVersion { get; private set; } = "";

    /// <summary>The connection, opened when it is not, within the limit of <see cref="PostgresPlace"/>.</summary>
    /// <exception cref="StoreUnavailableException">Another silo has taken the database.</exception>
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

        GiveUp(Task.CompletedTask);
        try
        {
            return _connection = await OpenWithin(PostgresPlace.Limit, CancellationToken.None);
        }
        catch (DatabaseOwnedException owned) when (_isOwner)
        {
            _lost = $"PostgreSQL at {_place.Text} was taken by another silo while its connection was lost: {owned.Owner}. This silo writes nothing any more; end one of the two.";
            Lost?.Invoke(_lost);
            throw new StoreUnavailableException(_lost, owned);
        }
    }

    /// <summary>Opens it for the first time, and brings the schema up to date, which may take longer.</summary>
    /// <exception cref="DatabaseOwnedException">Another silo owns it.</exception>
    public async Task Open(CancellationToken cancellationToken)
    {
        _connection = await Open(true, cancellationToken);
        _isOwner = true;
    }

    /// <summary>Leaves the connection, and closes it when what still runs on it has ended: a server that hangs is not waited for.</summary>
    /// <param name="running">What still runs.</param>
    public void GiveUp(Task running)
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

            await AcquireLock(connection, cancellationToken);
            if (isFirst)
            {
                await PostgresSchema.Migrate(connection, _place.Text, cancellationToken);
                await PostgresSchema.TryIndexSearch(connection, cancellationToken);
            }

            await Sign(connection, cancellationToken);
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

    private async Task AcquireLock(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        while (await Ask(connection, $"SELECT pg_try_advisory_lock({LockKey})", cancellationToken) is not true)
        {
            // A session of our own whose connection broke in between may not have noticed yet.
            await Execute(
                connection,
                $"""
                SELECT pg_terminate_backend(activity.pid) FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
                WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND (classid::bigint << 32 | objid::bigint) = {LockKey} AND application_name = $1 AND activity.pid <> pg_backend_pid()
                """,
                cancellationToken,
                _name);
            if (_time.GetElapsedTime(start) > Handover)
            {
                throw new DatabaseOwnedException(await FindOwner(connection, cancellationToken));
            }

            await Task.Delay(Interval, _time, cancellationToken);
        }
    }

    private static async Task<string> FindOwner(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await Ask(connection, "SELECT to_regclass('owner') IS NOT NULL", cancellationToken) is true)
        {
            await using NpgsqlCommand command = new("SELECT pid, host, started_at FROM owner", connection);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                return new DatabaseOwner(reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2)).ToString();
            }
        }

        return "one that has not signed yet";
    }

    private static async Task Sign(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        DatabaseOwner me = DatabaseOwner.Me;
        await Execute(
            connection,
            "INSERT INTO owner (pid, host, started_at) VALUES ($1, $2, $3) ON CONFLICT (single) DO UPDATE SET pid = $1, host = $2, started_at = $3",
            cancellationToken,
            me.Pid,
            me.Host,
            me.StartedAt);
    }

    private static async Task<object?> Ask(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using NpgsqlCommand command = new(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

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
            // It did not open: its failure was told to whoever waited.
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
            // Told to whoever waited for it.
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
