namespace Streams;

/// <summary>A source that publishes to a path, as MediaMTX identifies it: one connection. A publisher that reconnects is a new source.</summary>
/// <param name="Type">MediaMTX's source type, for example <c>rtmpConn</c> or <c>rtspSession</c>.</param>
/// <param name="Id">MediaMTX's source id, unique for each connection (a UUID); equal to <c>source.id</c> in the Control API.</param>
[GenerateSerializer, Immutable, Alias("Streams.MediaSource")]
public sealed record MediaSource([property: Id(0)] string Type, [property: Id(1)] string Id);
