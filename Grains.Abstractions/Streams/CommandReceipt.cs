namespace Streams;

/// <summary>The answer to an operator's command.</summary>
/// <param name="Status">What the stream is after it; null for a stream that never existed and that the command did not begin.</param>
/// <param name="Refusal">Why the stream cannot do that now, for people; null when it was done, or was so already.</param>
[GenerateSerializer, Immutable, Alias("Streams.CommandReceipt")]
public sealed record CommandReceipt([property: Id(0)] StreamStatus? Status, [property: Id(1)] string? Refusal = null);
