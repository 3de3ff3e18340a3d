using Microsoft.Extensions.Options;
using Streams.Silo.Storage.Postgres;
using Streams.Silo.Storage.Sqlite;

namespace Streams.Silo.Storage;

/// <summary>The store that the settings name, opened before anything else: a silo that cannot remember does not start.</summary>
internal sealed partial class OpenedStore(
    IOptions<StoreOptions> options, IOptions<DataOptions> data, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<OpenedStore> logger)
{
    private IStreamStore? _store;

    /// <summary>It.</summary>
    /// <exception cref="InvalidOperationException">It was not opened.</exception>
    public IStreamStore Store => _store ?? throw new InvalidOperationException("The store is opened before the silo starts.");

    /// <summary>Whether another silo has taken it meanwhile; this one ends.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Opens it.</summary>
    /// <exception cref="StorageUnusableException">It cannot be used; the message says why, and what to do.</exception>
    public async Task Open()
    {
        if (options.Value.Kind == StoreKind.Sqlite)
        {
            SqliteStreamStore sqlite = new(data.Value.DatabaseFile, time);
            sqlite.OnLost += End;
            _store = sqlite;
            return;
        }

        PostgresStreamStore store = await PostgresStreamStore.Open(options.Value.ConnectionString, time, lifetime.ApplicationStopping);
        store.OnLost += End;
        _store = store;
    }

    private void End(string reason)
    {
        LogLost(reason);
        IsLost = true;
        lifetime.StopApplication();
    }

    [LoggerMessage(5006, LogLevel.Critical, "The store belongs to another silo now: {Reason} This one ends its workers and itself")]
    private partial void LogLost(string reason);
}
