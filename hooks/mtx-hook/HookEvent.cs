namespace Streams.Hooks;

/// <summary>The body of the request: <c>hooks/schemas/hook-event.schema.json</c>.</summary>
/// <param name="Path">The path that changed.</param>
/// <param name="SourceType">The type of the source.</param>
/// <param name="SourceId">The id of the source, which pairs the ready and the not-ready event. Empty for sources that MediaMTX pulls.</param>
/// <param name="Query">The publisher's query without credentials; empty when it has none.</param>
/// <param name="EventId">The id of this event.</param>
/// <param name="OccurredAt">When the hook was run: RFC 3339, UTC.</param>
/// <param name="Node">The media server's name; null, and not sent, when it has none.</param>
internal sealed record HookEvent(
    string Path, string SourceType, string SourceId, string Query, Guid EventId, string OccurredAt, string? Node);
