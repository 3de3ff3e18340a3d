using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>Which database is used, and with which settings of Npgsql's: on one connection that owns it and writes, on a few that read, and on those of the membership.</summary>
internal sealed class PostgresTarget
{
    /// <summary>How long a caller waits for any answer at most.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Of each pool. Reads are short: more would only wait for each other's processor time.</summary>
    private const int ReadConnections = 4;

    private readonly NpgsqlConnectionStringBuilder _settings;

    /// <param name="connectionString">As Npgsql takes it.</param>
    /// <exception cref="StorageUnusableException">It cannot be read. The message has no part of it.</exception>
    public PostgresTarget(string connectionString)
    {
        try
        {
            _settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or OverflowException)
        {
            // A password with a semicolon makes an unknown keyword of its rest, which Npgsql's message would show.
            throw new StorageUnusableException(
                "The connection string of PostgreSQL cannot be read (STREAMS_STORE_CONNECTION). It looks like "
                + "Host=db.example;Port=5432;Database=streams;Username=streams;Password=...; a value with a semicolon or a quote stands in quotes.",
                new ArgumentException($"{unreadable.GetType().Name}; its message is left out, since it may show a part of the password."));
        }

        if (string.IsNullOrEmpty(_settings.Host))
        {
            throw new StorageUnusableException(
                "The connection string of PostgreSQL names no host (STREAMS_STORE_CONNECTION): Host=db.example;Database=streams;Username=streams;Password=...",
                new ArgumentException("No host."));
        }

        Text = $"{_settings.Host}:{_settings.Port}/{_settings.Database ?? _settings.Username}";
        _settings.CommandTimeout = 0; // Limits are ours and the server's: Npgsql's own holds a thread while it asks a hanging server to cancel.
        _settings.Timeout = (int)Limit.TotalSeconds;
        _settings.KeepAlive = 0; // It would use a connection at the same time as we do.
        if (_settings.Host[0] is not ('/' or '@'))
        {
            _settings.TcpKeepAlive = true; // A Unix socket refuses it.
            _settings.TcpKeepAliveTime = 5;
            _settings.TcpKeepAliveInterval = 1;
        }

        if (_settings.TargetSessionAttributes is { Length: > 0 } && !_settings.Host.Contains(',', StringComparison.Ordinal))
        {
            _settings.TargetSessionAttributes = null; // Npgsql asks for several hosts then, and one is what it is.
        }

        _settings.Enlist = false;
        _settings.Multiplexing = false;
        _settings.IncludeErrorDetail = false;
    }

    /// <summary>Host, port and database, as messages show them.</summary>
    public string Text { get; }

    /// <summary>Connections that are opened and closed one by one, under a name by which the server's administrator and we find them.</summary>
    /// <param name="applicationName">The name.</param>
    public NpgsqlDataSource CreateWriter(string applicationName)
    {
        NpgsqlDataSourceBuilder builder = new(_settings.ConnectionString);
        builder.ConnectionStringBuilder.Pooling = false;
        builder.ConnectionStringBuilder.ApplicationName = applicationName;
        builder.ConnectionStringBuilder.MaxAutoPrepare = 16;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        return builder.Build();
    }

    /// <summary>A pool of connections for reading.</summary>
    public NpgsqlDataSource CreateReader() => CreatePool("streams read", ReadConnections, SessionOfReader);

    /// <summary>A pool of connections.</summary>
    /// <param name="applicationName">Under which name the server's administrator sees them.</param>
    /// <param name="connections">How many at most.</param>
    /// <param name="session">The settings of each session. A server that ends a slow statement before its caller's limit makes the limit mean: it does not answer at all.</param>
    public NpgsqlDataSource CreatePool(string applicationName, int connections, string session)
    {
        NpgsqlDataSourceBuilder builder = new(_settings.ConnectionString);
        NpgsqlConnectionStringBuilder settings = builder.ConnectionStringBuilder;
        settings.Pooling = true;
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = connections;
        settings.ApplicationName = applicationName;
        settings.NoResetOnClose = true; // A reset would take the session's settings back.
        settings.MaxAutoPrepare = 0; // A plan for one page is not one for another: each is planned for its own numbers.
        builder.UsePhysicalConnectionInitializer(
            connection => Execute(connection, session),
            async connection =>
            {
                await using NpgsqlCommand command = new(session, connection);
                await command.ExecuteNonQueryAsync();
            });
        return builder.Build();
    }

    // Not read-only by a setting: Npgsql would take a host of several for a standby by it.
    private const string SessionOfReader = "SET statement_timeout = '4500ms'; SET lock_timeout = '2s'; SET jit = off";

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using NpgsqlCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }
}
