using System.Globalization;
using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>
/// The only connection that writes. Its session holds the advisory lock by which a silo owns the database, so a silo that has lost the lock cannot
/// commit anything. A lost connection is reopened by the next <see cref="Get"/>. Not thread-safe.
/// </summary>
internal sealed class OwnedConnection : IAsyncDisposable
{
    /// <summary>How long to wait for a predecessor's lock: the server ends a killed client's session only when it notices.</summary>
    private static readonly TimeSpan HandoverTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The session's settings: the server ends a slow statement before the callers' limit, waits only briefly for a locked row, and notices a
    /// vanished client in about 8 s. All statements find rows by key: a plan made while a table was small must not scan it when it has grown.
    /// </summary>
    private const string SessionSettings = "SET statement_timeout = '4500ms'; SET lock_timeout = '500ms'; SET default_transaction_isolation = 'read committed'; "
        + "SET jit = off; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; "
        + "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3";

    private const string LockKey = "hashtextextended('streams owner ' || current_schema(), 0)";

    private readonly NpgsqlDataSource _source;
    private readonly PostgresTarget _target;
    private readonly TimeProvider _time;
    private readonly string _name;
    private NpgsqlConnection? _connection;
    private string? _lost;
    private bool _isOwner;

    /// <summary>Prepares the connection; nothing is opened yet.</summary>
    /// <param name="target">The database.</param>
    /// <param name="time">The clock.</param>
    public OwnedConnection(PostgresTarget target, TimeProvider time)
    {
        _target = target;
        _time = time;
        _name = $"streams {Environment.ProcessId} {Guid.NewGuid():N}";
        _source = target.CreateWriter(_name);
    }

    /// <summary>Raised once, when another silo has taken over the database while the connection was lost. Nothing is written from then on.</summary>
    public event Action<string>? Lost;

    /// <summary>The server's version; empty before the first connection.</summary>
    public string ServerVersion { get; private set; } = "";

    /// <summary>Returns the connection, and reopens it if needed, within the limit of <see cref="PostgresTarget"/>.</summary>
    /// <exception cref="StoreUnavailableException">Another silo has taken over the database.</exception>
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
            _lost = $"PostgreSQL at {_target.Text} was taken by another silo while its connection was lost: {owned.Owner}. This silo no longer writes; end one of the two.";
            Lost?.Invoke(_lost);
            throw new StoreUnavailableException(_lost, owned);
        }
    }

    /// <summary>Opens the connection for the first time and migrates the schema, which may take longer than the limit.</summary>
    /// <exception cref="DatabaseOwnedException">Another silo owns the database.</exception>
    public async Task Open(CancellationToken cancellationToken)
    {
        _connection = await Open(true, cancellationToken);
        _isOwner = true;
    }

    /// <summary>Abandons the connection, and closes it when its running statement has ended. Does not wait for a server that hangs.</summary>
    /// <param name="running">The running statement.</param>
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
            // If it opens after all, it is closed again, which releases the lock.
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
                PostgresRequirements.Check(connection, _target.Text);
            }

            await AcquireLock(connection, cancellationToken);
            if (isFirst)
            {
                await PostgresSchema.Migrate(connection, _target.Text, cancellationToken);
                await PostgresSchema.TryIndexSearch(connection, cancellationToken);
            }

            await RecordOwner(connection, cancellationToken);
            await Execute(connection, SessionSettings, cancellationToken);
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
        while (await Scalar(connection, $"SELECT pg_try_advisory_lock({LockKey})", cancellationToken) is not true)
        {
            // An earlier session of this silo, whose connection broke, may still hold the lock.
            await Execute(
                connection,
                $"""
                SELECT pg_terminate_backend(activity.pid) FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
                WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND (classid::bigint << 32 | objid::bigint) = {LockKey} AND application_name = $1 AND activity.pid <> pg_backend_pid()
                """,
                cancellationToken,
                _name);
            if (_time.GetElapsedTime(start) > HandoverTimeout)
            {
                throw new DatabaseOwnedException(await FindOwner(connection, cancellationToken));
            }

            await Task.Delay(RetryInterval, _time, cancellationToken);
        }
    }

    private static async Task<string> FindOwner(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await Scalar(connection, "SELECT to_regclass('owner') IS NOT NULL", cancellationToken) is true)
        {
            await using NpgsqlCommand command = new("SELECT pid, host, started_at FROM owner", connection);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                return new DatabaseOwner(reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2)).ToString();
            }
        }

        return "one that has not recorded its name yet";
    }

    private static async Task RecordOwner(NpgsqlConnection connection, CancellationToken cancellationToken)
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

    private static async Task<object?> Scalar(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
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
            // The connection is closed in any case.
        }
    }
}
