using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>The configured database, and Npgsql's settings for it: for the one connection that owns it and writes, and for the few that read.</summary>
internal sealed class PostgresTarget
{
    /// <summary>The longest that a caller waits for an answer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Connections of each read pool. Reads are short, so more would only compete for processor time.</summary>
    private const int ReadConnections = 4;

    private readonly NpgsqlConnectionStringBuilder _settings;

    /// <summary>Parses the connection string.</summary>
    /// <param name="connectionString">The connection string, in Npgsql's format.</param>
    /// <exception cref="StorageUnusableException">It is invalid. The message has no part of it.</exception>
    public PostgresTarget(string connectionString)
    {
        try
        {
            _settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or OverflowException)
        {
            // After a semicolon in a password the rest is parsed as an unknown keyword, which Npgsql's message would show.
            throw new StorageUnusableException(
                "The connection string of PostgreSQL is invalid (STREAMS_STORE_CONNECTION). It should look like "
                + "Host=db.example;Port=5432;Database=streams;Username=streams;Password=...; quote a value that contains a semicolon or a quote.",
                new ArgumentException($"{unreadable.GetType().Name}; its message is left out, since it may show a part of the password."));
        }

        if (string.IsNullOrEmpty(_settings.Host))
        {
            throw new StorageUnusableException(
                "The connection string of PostgreSQL names no host (STREAMS_STORE_CONNECTION): Host=db.example;Database=streams;Username=streams;Password=...",
                new ArgumentException("No host."));
        }

        Text = $"{_settings.Host}:{_settings.Port}/{_settings.Database ?? _settings.Username}";
        _settings.CommandTimeout = 0; // The store and the server have their own limits; Npgsql's blocks a thread while it asks a hanging server to cancel.
        _settings.Timeout = (int)Limit.TotalSeconds;
        _settings.KeepAlive = 0; // It would use the connection concurrently.
        if (_settings.Host[0] is not ('/' or '@'))
        {
            _settings.TcpKeepAlive = true; // Not possible on a Unix socket.
            _settings.TcpKeepAliveTime = 5;
            _settings.TcpKeepAliveInterval = 1;
        }

        if (_settings.TargetSessionAttributes is { Length: > 0 } && !_settings.Host.Contains(',', StringComparison.Ordinal))
        {
            _settings.TargetSessionAttributes = null; // Npgsql allows it only with several hosts.
        }

        _settings.Enlist = false;
        _settings.Multiplexing = false;
        _settings.IncludeErrorDetail = false;
    }

    /// <summary>Host, port and database, as messages show them.</summary>
    public string Text { get; }

    /// <summary>Creates the source of the writing connection, without a pool.</summary>
    /// <param name="applicationName">The name by which the session is found on the server.</param>
    public NpgsqlDataSource CreateWriter(string applicationName)
    {
        NpgsqlDataSourceBuilder builder = new(_settings.ConnectionString);
        builder.ConnectionStringBuilder.Pooling = false;
        builder.ConnectionStringBuilder.ApplicationName = applicationName;
        builder.ConnectionStringBuilder.MaxAutoPrepare = 16;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        return builder.Build();
    }

    /// <summary>Creates a pool of connections for reading.</summary>
    public NpgsqlDataSource CreateReader()
    {
        NpgsqlDataSourceBuilder builder = new(_settings.ConnectionString);
        NpgsqlConnectionStringBuilder settings = builder.ConnectionStringBuilder;
        settings.Pooling = true;
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = ReadConnections;
        settings.ApplicationName = "streams read";
        settings.NoResetOnClose = true; // A reset would undo the session's settings.
        settings.MaxAutoPrepare = 0; // A plan for one page does not suit another: each query is planned for its own values.
        // The server ends a slow query before the caller's limit, so reaching the limit means that the server does not answer.
        builder.UsePhysicalConnectionInitializer(
            static connection => Execute(connection, ReaderSettings),
            static async connection =>
            {
                await using NpgsqlCommand command = new(ReaderSettings, connection);
                await command.ExecuteNonQueryAsync();
            });
        return builder.Build();
    }

    // Not set to read-only: with several hosts, Npgsql would take a read-only host for a standby.
    private const string ReaderSettings = "SET statement_timeout = '4500ms'; SET lock_timeout = '2s'; SET jit = off";

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using NpgsqlCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }
}
