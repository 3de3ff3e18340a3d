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
/// <param name="Codec">Its codec.</param>
/// <param name="CodecProps">What it is configured with. Each codec has its own, and one name has several kinds: <c>profile</c> is a text of H.264 and a number of VP9 and AV1.</param>
internal sealed record MediaMtxTrack(string? Codec, JsonElement? CodecProps)
{
    /// <summary>A number of the codec's configuration; null when it has none of that name.</summary>
    public int? Number(string name) => Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) ? number : null;

    /// <summary>A text of the codec's configuration; null when it has none of that name.</summary>
    public string? Text(string name) => Find(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private JsonElement? Find(string name) => CodecProps is { ValueKind: JsonValueKind.Object } props && props.TryGetProperty(name, out JsonElement value) ? value : null;
}

/// <summary>The source of a path.</summary>
internal sealed record MediaMtxSource(string? Type, string? Id);

/// <summary>A reader of a path.</summary>
internal sealed record MediaMtxReader(string? Type, string? Id);

/// <summary>The fields of <c>GET /v3/info</c> that are used.</summary>
internal sealed record MediaMtxInfo(string? Version);

/// <summary>The fields of a connection or session that are used.</summary>
internal sealed record MediaMtxConnection(string? Query, string? RemoteAddr);

/// <summary>A page of the Control API's <c>GET /v3/config/paths/list</c>.</summary>
internal sealed record MediaMtxPathConfigPage(int PageCount, IReadOnlyList<MediaMtxPathConfig>? Items);

/// <summary>The fields of a path's configuration that are used.</summary>
internal sealed record MediaMtxPathConfig(string? Name, bool AlwaysAvailable, string? AlwaysAvailableFile);

/// <summary>What a kept path is added with.</summary>
internal sealed record MediaMtxKeptPath(bool OverridePublisher, bool AlwaysAvailable, string AlwaysAvailableFile);

/// <summary>What the path of one run is added with.</summary>
internal sealed record MediaMtxSidePath(bool OverridePublisher);

/// <summary>Where a path is forwarded to; empty for nowhere.</summary>
internal sealed record MediaMtxForwarding(IReadOnlyList<MediaMtxForward> Forward);

/// <summary>A destination of a path.</summary>
/// <param name="Dest">Its URL, with credentials.</param>
internal sealed record MediaMtxForward(string Dest);

/// <summary>An answer of the Control API to what it refuses.</summary>
internal sealed record MediaMtxError(string? Error);

/// <summary>Source-generated JSON serialization of the types above.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(MediaMtxPathPage))]
[JsonSerializable(typeof(MediaMtxPath))]
[JsonSerializable(typeof(MediaMtxInfo))]
[JsonSerializable(typeof(MediaMtxConnection))]
[JsonSerializable(typeof(MediaMtxPathConfigPage))]
[JsonSerializable(typeof(MediaMtxPathConfig))]
[JsonSerializable(typeof(MediaMtxKeptPath))]
[JsonSerializable(typeof(MediaMtxSidePath))]
[JsonSerializable(typeof(MediaMtxForwarding))]
[JsonSerializable(typeof(MediaMtxError))]
internal sealed partial class MediaMtxJson : JsonSerializerContext;
