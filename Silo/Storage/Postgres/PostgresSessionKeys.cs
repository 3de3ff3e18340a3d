using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>
/// The keys of browser sessions, in the database that the silos of a cluster share: a sign-in at one holds at all of them. They are read when the silo
/// starts and about once a day after that; a database that is away in between signs nobody out.
/// </summary>
internal sealed class PostgresSessionKeys : IXmlRepository, IAsyncDisposable
{
    /// <summary>
    /// Silos that start together would each make a first key, and not know the others' until they read again a day later. So a key that follows another within the hour is
    /// not stored: data protection reads all keys after it has made one, and finds the other silo's.
    /// </summary>
    private const string StoreKey = "INSERT INTO session_keys (name, element) SELECT $1, $2 WHERE NOT EXISTS "
        + "(SELECT FROM session_keys WHERE name LIKE 'key-%' AND stored_at > now() - interval '1 hour')";

    private const string StoreOther = "INSERT INTO session_keys (name, element) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    /// <summary>Silos store one after the other.</summary>
    private const string Queue = "SELECT pg_advisory_xact_lock(hashtextextended('streams session keys ' || current_schema(), 0))";

    private const string Session = "SET statement_timeout = '4500ms'; SET lock_timeout = '2s'; SET default_transaction_isolation = 'read committed'";

    private readonly PostgresPool _pool;

    public PostgresSessionKeys(IOptions<StoreOptions> store, TimeProvider time)
    {
        PostgresTarget place = new(store.Value.ConnectionString);
        _pool = new PostgresPool(() => place.CreatePool("streams session keys", 1, Session), place.Text, PostgresTarget.Limit, time);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements() => Await(ReadAll);

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName) => Await(connection => Store(connection, element, friendlyName));

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private static async Task<IReadOnlyCollection<XElement>> ReadAll(NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = new("SELECT element FROM session_keys ORDER BY stored_at, name", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(CancellationToken.None);
        List<XElement> elements = [];
        while (await reader.ReadAsync(CancellationToken.None))
        {
            elements.Add(XElement.Parse(reader.GetString(0)));
        }

        return elements;
    }

    /// <summary>One transaction: what is sent together without one of its own is one.</summary>
    private static async Task<int> Store(NpgsqlConnection connection, XElement element, string name)
    {
        NpgsqlBatchCommand insert = new(element.Name.LocalName == "key" ? StoreKey : StoreOther);
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = element.ToString(SaveOptions.DisableFormatting) });
        await using NpgsqlBatch batch = new(connection) { BatchCommands = { new NpgsqlBatchCommand(Queue), insert } };
        return await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>The interface has no asynchronous form. The pool answers within its limit, whatever the server does.</summary>
    private T Await<T>(Func<NpgsqlConnection, Task<T>> work) => _pool.Run(work, CancellationToken.None).GetAwaiter().GetResult();
}
