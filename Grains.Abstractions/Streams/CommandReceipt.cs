namespace Streams;

/// <summary>The answer to an operator's command.</summary>
/// <param name="Status">The stream's status after the command; null for a stream that never existed and that the command did not create.</param>
/// <param name="Refusal">Why the stream cannot do this now, readable for users; null when it was done, or had been done already.</param>
[GenerateSerializer, Immutable, Alias("Streams.CommandReceipt")]
public sealed record CommandReceipt([property: Id(0)] StreamStatus? Status, [property: Id(1)] string? Refusal = null);
