namespace Streams.Api.Wire;

/// <summary>A source that publishes now.</summary>
public sealed record SourceView
{
    /// <summary>MediaMTX's source type, for example <c>rtmpConn</c>.</summary>
    public required string Type { get; init; }

    /// <summary>MediaMTX's source id, equal to <c>source.id</c> in its Control API; the source's type for what MediaMTX pulls itself, which has no id there.</summary>
    public required string Id { get; init; }

    /// <summary>The publisher's query without credentials; empty when it gave none.</summary>
    public required string Query { get; init; }

    /// <summary>When it became available, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The publisher's address and port, as MediaMTX's Control API tells it; absent while unknown, and for what MediaMTX pulls itself.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The name of the media server that it publishes to; absent in what was saved before media servers had names.</summary>
    public string? Node { get; init; }

    // Stripped once more: a status may hold a query that came in by another way than an event.
    internal static SourceView Of(LiveSource source) => new()
    {
        Type = source.Type,
        Id = source.Id,
        Query = QueryCredentials.Strip(source.Query),
        Since = source.Since.ToUniversalTime(),
        RemoteAddress = source.RemoteAddress,
        Node = source.Node,
    };
}
