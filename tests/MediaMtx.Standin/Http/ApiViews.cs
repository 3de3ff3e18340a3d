using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Logging;
using MediaMtx.Standin.Paths;
using MediaMtx.Standin.Rtmp;
using MediaMtx.Standin.Rtsp;

namespace MediaMtx.Standin.Http;

/// <summary>Makes the Control API's models.</summary>
internal static class ApiViews
{
    public static ApiPath Of(PathSnapshot path)
    {
        bool available = path.AvailableSince is not null;
        string? since = path.AvailableSince is DateTimeOffset time ? ServerLog.Rfc3339(time) : null;
        string? online = path.IsOnline ? ServerLog.Rfc3339(path.OnlineSince) : null;
        return new ApiPath(
            path.Name,
            path.ConfigName,
            available,
            since,
            available,
            since,
            path.IsOnline,
            online,
            path.Source is (string kind, string id) ? new ApiEndpoint(kind, id) : null,
            [.. path.Tracks.Select(track => track.Codec)],
            [.. path.Tracks.Select(ApiTracks.Of)],
            [.. path.Readers.Select(reader => new ApiEndpoint(reader.Kind, reader.Id))],
            path.InboundBytes,
            path.OutboundBytes,
            InboundFramesInError: 0,
            path.InboundBytes,
            path.OutboundBytes);
    }

    public static ApiRtmpConnection Of(RtmpConnection connection, ServerVersion version) => new(
        connection.Id.ToString(),
        ServerLog.Rfc3339(connection.Created),
        connection.Remote,
        connection.State,
        connection.Path,
        connection.Query,
        connection.User,
        version.HasUserAgents ? connection.UserAgent : null,
        connection.Received,
        connection.Sent,
        connection.Discarded,
        connection.Received,
        connection.Sent);

    public static ApiRtspConnection Of(RtspConnection connection) => new(
        connection.Id.ToString(),
        ServerLog.Rfc3339(connection.Created),
        connection.Remote,
        connection.Session?.Id.ToString(),
        "none",
        connection.Received,
        connection.Sent,
        connection.Received,
        connection.Sent);

    public static ApiRtspSession Of(RtspSession session, ServerVersion version)
    {
        RtspCounters counters = session.Counters;
        bool isSetUp = session.State != SessionState.Idle;
        return new ApiRtspSession(
            session.Id.ToString(),
            ServerLog.Rfc3339(session.Created),
            session.Remote,
            StateOf(session),
            session.Path,
            session.Query,
            session.User,
            version.HasUserAgents ? session.UserAgent : null,
            isSetUp ? "TCP" : null,
            isSetUp ? "AVP" : null,
            [session.ConnectionId.ToString()],
            counters.InboundBytes,
            counters.InboundPackets,
            0,
            counters.InboundErrors,
            0,
            counters.InboundReports,
            0,
            counters.OutboundBytes,
            counters.OutboundPackets,
            0,
            session.Discarded,
            counters.OutboundReports,
            counters.InboundBytes,
            counters.OutboundBytes,
            counters.InboundPackets,
            counters.OutboundPackets,
            0,
            counters.InboundErrors,
            0,
            counters.InboundReports,
            counters.OutboundReports,
            0);
    }

    public static string StateOf(RtspSession session) => session.State switch
    {
        SessionState.Playing => "read",
        SessionState.Recording => "publish",
        _ => "idle",
    };
}
