using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streams.Grains.MediaMtx;

/// <summary>A page of the Control API's <c>GET /v3/paths/list</c>: the fields that are used. The schema is <c>Schemas/paths-list.schema.json</c>.</summary>
internal sealed record MediaMtxPathPage(int ItemCount, int PageCount, IReadOnlyList<MediaMtxPath>? Items);

/// <summary>A path of the list.</summary>
internal sealed record MediaMtxPath(
    string? Name,
    bool Ready,
    bool Available,
    bool? Online,
    DateTimeOffset? ReadyTime,
    DateTimeOffset? AvailableTime,
    DateTimeOffset? OnlineTime,
    MediaMtxSource? Source,
    IReadOnlyList<string>? Tracks,
    IReadOnlyList<MediaMtxTrack>? Tracks2,
    IReadOnlyList<MediaMtxReader>? Readers,
    long InboundBytes,
    long OutboundBytes,
    long BytesReceived,
    long BytesSent);

/// <summary>A track of a path.</summary>
internal sealed record MediaMtxTrack(string? Codec);

/// <summary>The source of a path.</summary>
internal sealed record MediaMtxSource(string? Type, string? Id);

/// <summary>A reader of a path.</summary>
internal sealed record MediaMtxReader(string? Type, string? Id);

/// <summary>The fields of <c>GET /v3/info</c> that are used.</summary>
internal sealed record MediaMtxInfo(string? Version);

/// <summary>The fields of a connection or session that are used.</summary>
internal sealed record MediaMtxConnection(string? Query, string? RemoteAddr);

/// <summary>Source-generated JSON serialization of the types above.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(MediaMtxPathPage))]
[JsonSerializable(typeof(MediaMtxPath))]
[JsonSerializable(typeof(MediaMtxInfo))]
[JsonSerializable(typeof(MediaMtxConnection))]
internal sealed partial class MediaMtxJson : JsonSerializerContext;
