namespace Streams.Silo.Storage;

/// <summary>A failed backup or restore. The message says why, what was left unchanged, and what to do.</summary>
internal sealed class StoreCommandException(string message, Exception? inner = null) : Exception(message, inner);
