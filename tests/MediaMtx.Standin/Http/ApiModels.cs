using System.Text.Json.Serialization;

namespace MediaMtx.Standin.Http;

/// <summary><c>{"status":"error","error":...}</c>, or <c>{"status":"ok"}</c>.</summary>
internal sealed record ApiStatus(string Status, string? Error = null);

internal sealed record ApiInfo(string Version, string Started);

/// <summary>A page of a list.</summary>
internal sealed record ApiList<T>(int ItemCount, int PageCount, IReadOnlyList<T> Items);

internal sealed record ApiEndpoint(string Type, string Id);

internal sealed record ApiTrack(string Codec, object? CodecProps);

/// <summary>A path, with the names that v1.19.3 deprecated behind the new ones.</summary>
internal sealed record ApiPath(
    string Name,
    string ConfName,
    bool Ready,
    string? ReadyTime,
    bool Available,
    string? AvailableTime,
    bool Online,
    string? OnlineTime,
    ApiEndpoint? Source,
    IReadOnlyList<string> Tracks,
    IReadOnlyList<ApiTrack> Tracks2,
    IReadOnlyList<ApiEndpoint> Readers,
    long InboundBytes,
    long OutboundBytes,
    long InboundFramesInError,
    long BytesReceived,
    long BytesSent);

internal sealed record ApiRtmpConnection(
    string Id,
    string Created,
    string RemoteAddr,
    string State,
    string Path,
    string Query,
    string User,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? UserAgent,
    long InboundBytes,
    long OutboundBytes,
    long OutboundFramesDiscarded,
    long BytesReceived,
    long BytesSent);

internal sealed record ApiRtspConnection(
    string Id,
    string Created,
    string RemoteAddr,
    string? Session,
    string Tunnel,
    long InboundBytes,
    long OutboundBytes,
    long BytesReceived,
    long BytesSent);

/// <summary>An RTSP session. TCP loses nothing and reports nothing lost, so those counters stay zero.</summary>
internal sealed record ApiRtspSession(
    string Id,
    string Created,
    string RemoteAddr,
    string State,
    string Path,
    string Query,
    string User,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? UserAgent,
    string? Transport,
    string? Profile,
    IReadOnlyList<string> Conns,
    long InboundBytes,
    long InboundRTPPackets,
    long InboundRTPPacketsLost,
    long InboundRTPPacketsInError,
    double InboundRTPPacketsJitter,
    long InboundRTCPPackets,
    long InboundRTCPPacketsInError,
    long OutboundBytes,
    long OutboundRTPPackets,
    long OutboundRTPPacketsReportedLost,
    long OutboundRTPPacketsDiscarded,
    long OutboundRTCPPackets,
    long BytesReceived,
    long BytesSent,
    long RtpPacketsReceived,
    long RtpPacketsSent,
    long RtpPacketsLost,
    long RtpPacketsInError,
    double RtpPacketsJitter,
    long RtcpPacketsReceived,
    long RtcpPacketsSent,
    long RtcpPacketsInError);
