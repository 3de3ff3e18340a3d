using MediaMtx.Standin.Paths;
using MediaMtx.Standin.Rtmp;
using MediaMtx.Standin.Rtsp;

namespace MediaMtx.Standin.Http;

/// <summary>MediaMTX's metrics: of paths, RTMP and RTSP; of the servers that the stand-in lacks only that nobody is there.</summary>
internal sealed class MetricsApi(ServerContext context, HttpAccess access, RtmpServer? rtmp, RtspServer? rtsp)
{
    private static readonly string[] HlsZeros =
    [
        "hls_sessions", "hls_sessions_outbound_bytes", "hls_muxers", "hls_muxers_outbound_bytes", "hls_muxers_outbound_frames_discarded",
        "hls_muxers_bytes_sent",
    ];

    public async Task Handle(HttpContext http)
    {
        if (!await access.Allows(http, "metrics", "", "metrics"))
        {
            return;
        }

        await (http.Request.Path == "/metrics" ? Answers.Text(http, StatusCodes.Status200OK, Render()) : Answers.NotFound(http));
    }

    private string Render()
    {
        MetricsPage page = new();
        WritePaths(page);
        if (context.Config.HlsAddress is not null)
        {
            page.Section("HLS");
            foreach (string name in HlsZeros)
            {
                page.Value(name, "", 0);
            }
        }

        WriteRtspConnections(page, rtsp?.Connections ?? []);
        WriteRtspSessions(page, rtsp?.Sessions ?? []);
        WriteRtmp(page, rtmp?.Connections ?? []);
        return page.ToString();
    }

    private void WritePaths(MetricsPage page)
    {
        IReadOnlyList<PathSnapshot> paths = context.Paths.Snapshot();
        page.Section("Paths");
        if (paths.Count == 0)
        {
            page.Value("paths", "", 0).Value("paths_inbound_bytes", "", 0).Value("paths_outbound_bytes", "", 0)
                .Value("paths_inbound_frames_in_error", "", 0);
            page.Section("Paths (deprecated)").Value("paths_bytes_received", "", 0).Value("paths_bytes_sent", "", 0).Value("paths_readers", "", 0);
            return;
        }

        foreach (PathSnapshot path in paths)
        {
            string state = path.AvailableSince is null ? "notReady" : "ready";
            string labels = MetricsPage.Labels(("name", path.Name), ("state", state));
            page.Value("paths", labels, 1);
            foreach ((string kind, int count) in path.Readers.CountBy(reader => reader.Kind).DefaultIfEmpty(new("", 0)))
            {
                page.Value("paths_readers", MetricsPage.Labels(("name", path.Name), ("readerType", kind), ("state", state)), count);
            }

            page.Value("paths_inbound_bytes", labels, path.InboundBytes).Value("paths_outbound_bytes", labels, path.OutboundBytes)
                .Value("paths_inbound_frames_in_error", labels, 0);
        }

        page.Section("Paths (deprecated)");
        foreach (PathSnapshot path in paths)
        {
            string labels = MetricsPage.Labels(("name", path.Name), ("state", path.AvailableSince is null ? "notReady" : "ready"));
            page.Value("paths_bytes_received", labels, path.InboundBytes).Value("paths_bytes_sent", labels, path.OutboundBytes);
        }
    }

    private static void WriteRtspConnections(MetricsPage page, IReadOnlyList<RtspConnection> connections)
    {
        Write(page, "RTSP connections", "rtsp_conns", connections, one => MetricsPage.Labels(("id", one.Id.ToString())),
            ("_inbound_bytes", one => one.Received), ("_outbound_bytes", one => one.Sent));
        WriteOnly(page, "RTSP connections (deprecated)", "rtsp_conns", connections, one => MetricsPage.Labels(("id", one.Id.ToString())),
            ("_bytes_received", one => one.Received), ("_bytes_sent", one => one.Sent));
    }

    private static void WriteRtspSessions(MetricsPage page, IReadOnlyList<RtspSession> sessions)
    {
        Write(page, "RTSP sessions", "rtsp_sessions", sessions, Labels,
            ("_inbound_bytes", one => one.Counters.InboundBytes), ("_inbound_rtp_packets", one => one.Counters.InboundPackets),
            ("_inbound_rtp_packets_lost", _ => 0), ("_inbound_rtp_packets_in_error", one => one.Counters.InboundErrors),
            ("_inbound_rtp_packets_jitter", _ => 0), ("_inbound_rtcp_packets", one => one.Counters.InboundReports),
            ("_inbound_rtcp_packets_in_error", _ => 0), ("_outbound_bytes", one => one.Counters.OutboundBytes),
            ("_outbound_rtp_packets", one => one.Counters.OutboundPackets), ("_outbound_rtp_packets_reported_lost", _ => 0),
            ("_outbound_rtp_packets_discarded", one => one.Discarded), ("_outbound_rtcp_packets", one => one.Counters.OutboundReports));
        WriteOnly(page, "RTSP sessions (deprecated)", "rtsp_sessions", sessions, Labels,
            ("_bytes_received", one => one.Counters.InboundBytes), ("_bytes_sent", one => one.Counters.OutboundBytes),
            ("_rtp_packets_received", one => one.Counters.InboundPackets), ("_rtp_packets_sent", one => one.Counters.OutboundPackets),
            ("_rtp_packets_lost", _ => 0), ("_rtp_packets_in_error", one => one.Counters.InboundErrors), ("_rtp_packets_jitter", _ => 0),
            ("_rtcp_packets_received", one => one.Counters.InboundReports), ("_rtcp_packets_sent", one => one.Counters.OutboundReports),
            ("_rtcp_packets_in_error", _ => 0));
    }

    private static void WriteRtmp(MetricsPage page, IReadOnlyList<RtmpConnection> connections)
    {
        Write(page, "RTMP connections", "rtmp_conns", connections, Labels,
            ("_inbound_bytes", one => one.Received), ("_outbound_bytes", one => one.Sent), ("_outbound_frames_discarded", one => one.Discarded));
        WriteOnly(page, "RTMP connections (deprecated)", "rtmp_conns", connections, Labels,
            ("_bytes_received", one => one.Received), ("_bytes_sent", one => one.Sent));
    }

    private static string Labels(RtspSession one) => MetricsPage.Labels(
        ("id", one.Id.ToString()), ("path", one.Path), ("remoteAddr", one.Remote), ("state", ApiViews.StateOf(one)));

    private static string Labels(RtmpConnection one) => MetricsPage.Labels(
        ("id", one.Id.ToString()), ("path", one.Path), ("remoteAddr", one.Remote), ("state", one.State));

    private static void Write<T>(
        MetricsPage page, string title, string name, IReadOnlyList<T> items, Func<T, string> labels, params (string Suffix, Func<T, double> Of)[] values)
        => WriteOnly(page, title, name, items, labels, [("", static _ => 1), .. values]);

    private static void WriteOnly<T>(
        MetricsPage page, string title, string name, IReadOnlyList<T> items, Func<T, string> labels, params (string Suffix, Func<T, double> Of)[] values)
    {
        page.Section(title);
        foreach (T item in items)
        {
            foreach ((string suffix, Func<T, double> of) in values)
            {
                page.Value(name + suffix, labels(item), of(item));
            }
        }

        // Where nobody is, MediaMTX writes every name once, without labels.
        foreach ((string suffix, Func<T, double> _) in items.Count == 0 ? values : [])
        {
            page.Value(name + suffix, "", 0);
        }
    }
}
