namespace Streams.Silo.Storage;

/// <summary>The configured store cannot be used, so the silo does not start. The message says why and what to do.</summary>
public sealed class StorageUnusableException(string message, Exception inner) : Exception(message, inner);
