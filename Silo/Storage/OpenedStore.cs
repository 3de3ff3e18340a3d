using Microsoft.Extensions.Options;
using Streams.Api.Cluster;
using Streams.Silo.Storage.Postgres;
using Streams.Silo.Storage.Sqlite;

namespace Streams.Silo.Storage;

/// <summary>The configured store, opened before anything else: a silo without a usable store does not start.</summary>
internal sealed partial class OpenedStore(
    IOptions<StoreOptions> options, IOptions<DataOptions> data, IOptions<ClusterConnectionOptions> cluster, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<OpenedStore> logger)
{
    private IStreamStore? _store;

    /// <summary>The open store.</summary>
    /// <exception cref="InvalidOperationException">It was not opened.</exception>
    public IStreamStore Store => _store ?? throw new InvalidOperationException("The store is opened before the silo starts.");

    /// <summary>Whether another silo has taken over the store, so that this one ends.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Opens the store.</summary>
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

        string? shared = cluster.Value.Clustering == ClusteringKind.Postgres ? cluster.Value.ClusterId : null;
        PostgresStreamStore store = await PostgresStreamStore.Open(options.Value.ConnectionString, shared, time, lifetime.ApplicationStopping);
        store.OnLost += End;
        _store = store;
    }

    private void End(string reason)
    {
        LogLost(reason);
        IsLost = true;
        lifetime.StopApplication();
    }

    [LoggerMessage(5006, LogLevel.Critical, "Another silo has taken over the store: {Reason} This silo ends its workers and then itself")]
    private partial void LogLost(string reason);
}
