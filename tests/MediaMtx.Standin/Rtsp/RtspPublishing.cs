using MediaMtx.Standin.Media;
using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin.Rtsp;

/// <summary>The publishing side of a connection: ANNOUNCE, SETUP, RECORD, and the packets.</summary>
internal sealed class RtspPublishing(ServerContext context, RtspAccess access)
{
    private const int MaxPayload = 1440;
    private readonly Dictionary<int, AnnouncedMedia> _channels = [];
    private readonly Dictionary<int, RtspIngest> _ingests = [];
    private IReadOnlyList<AnnouncedMedia> _medias = [];
    private PathMatch? _match;
    private bool _toldOfRemuxing;
    private long _firstPacket;

    public async ValueTask<RtspResponse> Announce(RtspRequest request, RtspSession session)
    {
        if (session.State != SessionState.Idle)
        {
            return new RtspResponse(455);
        }

        (string path, string query) = request.Target;
        (_match, string user, RtspResponse refusal) = await access.Check(request, "publish", path);
        if (_match is null)
        {
            return refusal;
        }

        try
        {
            _medias = SdpReader.Read(request.Body);
        }
        catch (Exception error) when (error is InvalidDataException or FormatException)
        {
            return new RtspResponse(400) { Closes = $"invalid SDP: {error.Message}" };
        }

        (session.Path, session.Query, session.User, session.State) = (path, query, user, SessionState.ReadyToRecord);
        return RtspResponse.Ok;
    }

    public RtspResponse SetUp(RtspRequest request, Transport transport)
    {
        AnnouncedMedia? media = _medias.FirstOrDefault(media =>
            !_channels.ContainsValue(media) && request.Url.TrimEnd('/').EndsWith(media.Control, StringComparison.Ordinal));
        if (media is null)
        {
            return new RtspResponse(404) { Closes = $"unable to find the media of {request.Url}" };
        }

        int channel = transport.RtpChannel ?? _channels.Count * 2;
        _channels[channel] = media;
        return RtspResponse.Ok with { Headers = [("Transport", $"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}")] };
    }

    public RtspResponse Record(RtspSession session)
    {
        if (session.State != SessionState.ReadyToRecord || _match is null || _channels.Count != _medias.Count)
        {
            return new RtspResponse(455);
        }

        (MediaInput? input, string error) = context.Paths.Publish(
            session.Path, _match, session, session.Query, [.. _medias.Select(media => media.Track)]);
        if (input is null)
        {
            return new RtspResponse(400) { Closes = error };
        }

        session.State = SessionState.Recording;
        _firstPacket = 0;
        foreach ((int channel, AnnouncedMedia media) in _channels)
        {
            _ingests[channel] = new RtspIngest(input, media, SinceFirstPacket);
        }

        return RtspResponse.Ok;
    }

    /// <summary>Takes a packet; one that cannot be read is counted and forgotten.</summary>
    public void Take(InterleavedPacket packet, RtspSession? session)
    {
        if (!_ingests.TryGetValue(packet.Channel, out RtspIngest? ingest) || session is null)
        {
            session?.Counters.ReceivedReport();
            return;
        }

        session.Counters.ReceivedPacket(packet.Bytes.Length);
        int size = RtspIngest.PayloadSize(packet);
        if (size > MaxPayload && !_toldOfRemuxing)
        {
            _toldOfRemuxing = true;
            context.Log.Info($"[path {session.Path}] RTP packets are too big ({size} > {MaxPayload}), remuxing them into smaller ones");
        }

        try
        {
            ingest.Take(packet.Bytes);
        }
        catch (InvalidDataException)
        {
            session.Counters.FailedPacket();
        }
    }

    /// <summary>Ends the publishing, if there is any.</summary>
    public void Stop(RtspSession session)
    {
        if (_ingests.Count > 0)
        {
            _ingests.Clear();
            context.Paths.Unpublish(session.Path, session);
        }
    }

    private TimeSpan SinceFirstPacket()
    {
        if (_firstPacket == 0)
        {
            _firstPacket = context.Clock.GetTimestamp();
        }

        return context.Clock.GetElapsedTime(_firstPacket);
    }
}
