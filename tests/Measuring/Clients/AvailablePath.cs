namespace Streams.Measuring.Clients;

/// <summary>A path that is available in MediaMTX.</summary>
/// <param name="SourceId">MediaMTX's id of its source.</param>
/// <param name="Since">Since when, by MediaMTX's clock.</param>
public sealed record AvailablePath(string SourceId, DateTimeOffset Since);
