namespace Streams.Silo.Storage.Postgres;

/// <summary>The database is owned by another silo.</summary>
internal sealed class DatabaseOwnedException(string owner) : Exception($"The database is owned by another silo: {owner}.")
{
    /// <summary>The owner, readable for users.</summary>
    public string Owner => owner;
}
