namespace Streams.Silo.Storage;

/// <summary>The silo cannot keep its state. The message says why, and what to do.</summary>
public sealed class StorageUnusableException(string message, Exception inner) : Exception(message, inner);
