namespace Streams.Silo.Storage;

/// <summary>A backup or restore that cannot be done. The message says why, what was left as it was, and what to do.</summary>
internal sealed class StoreCommandException(string message, Exception? inner = null) : Exception(message, inner);
