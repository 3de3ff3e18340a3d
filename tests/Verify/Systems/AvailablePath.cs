namespace Streams.Verify;

/// <summary>A path that MediaMTX offers.</summary>
/// <param name="SourceId">Who publishes it.</param>
/// <param name="Since">Since when, by MediaMTX's clock.</param>
internal sealed record AvailablePath(string SourceId, DateTimeOffset Since);
