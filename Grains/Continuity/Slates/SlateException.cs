namespace Streams.Grains.Continuity.Slates;

/// <summary>A slate could not be made or kept; the message says why.</summary>
internal sealed class SlateException(string message, Exception? inner = null) : Exception(message, inner);
