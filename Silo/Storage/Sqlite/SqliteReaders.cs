using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Streams.Silo.Storage.Sqlite;

/// <summary>Reads the database concurrently with its writer. Neither waits for the other, so a search through a million streams delays no save.</summary>
internal sealed class SqliteReaders(string file) : IDisposable
{
    /// <summary>Maximum concurrent reads; more wait. A machine with two processors gains nothing from more.</summary>
    private const int Connections = 2;

    /// <summary>The most reads that may wait.</summary>
    private const int MaxWaiting = 1_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _free = new(Connections, Connections);
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private int _waiting;

    /// <summary>Runs a read on a pool thread.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read, or no reader was free in time.</exception>
    public async Task<T> Read<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new StoreUnavailableException($"Too many queries ({MaxWaiting}) are waiting for the store {file}.");
        }

        try
        {
            if (!await _free.WaitAsync(Limit, cancellationToken))
            {
                throw new StoreUnavailableException($"The store {file} has not answered for {Limit.TotalSeconds:0} s.");
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return await Task.Run(() => ReadNow(read), CancellationToken.None);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out SqliteConnection? connection))
        {
            connection.Dispose();
        }

        _free.Dispose();
    }

    private T ReadNow<T>(Func<SqliteConnection, T> read)
    {
        SqliteConnection? connection = null;
        try
        {
            if (!_idle.TryTake(out connection))
            {
                connection = SqliteSchema.OpenReadOnly(file);
            }

            T answer = read(connection);
            _idle.Add(connection);
            return answer;
        }
        catch (Exception failure)
        {
            connection?.Dispose();
            throw SqliteErrors.Unavailable(file, failure);
        }
    }
}
