namespace Streams;

/// <summary>Names of the grain storage providers that the host registers.</summary>
public static class StorageNames
{
    /// <summary>Durable storage of streams and of the catalog.</summary>
    public const string Streams = "streams";
}
