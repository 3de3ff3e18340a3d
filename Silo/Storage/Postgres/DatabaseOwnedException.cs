namespace Streams.Silo.Storage.Postgres;

/// <summary>Another silo owns the database.</summary>
internal sealed class DatabaseOwnedException(string owner) : Exception($"It is owned by another silo: {owner}.")
{
    /// <summary>Who, for people.</summary>
    public string Owner => owner;
}
