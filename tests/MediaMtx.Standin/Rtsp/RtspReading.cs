using System.Globalization;
using MediaMtx.Standin.Media;
using MediaMtx.Standin.Net;
using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin.Rtsp;

/// <summary>The reading side of a connection: DESCRIBE, SETUP, PLAY, PAUSE.</summary>
internal sealed class RtspReading(ServerContext context, Connection connection, RtspAccess access)
{
    private const string TrackMark = "/trackID=";
    private readonly Dictionary<int, int> _channels = [];
    private readonly List<(string Url, int Track)> _controls = [];
    private MediaStream? _stream;
    private FrameQueue? _reader;
    private CancellationTokenSource? _stop;
    private Task _playing = Task.CompletedTask;

    public long Discarded => _reader?.Discarded ?? 0;

    public async ValueTask<RtspResponse> Describe(RtspRequest request)
    {
        string path = request.Target.Path;
        (PathMatch? match, string _, RtspResponse refusal) = await access.Check(request, "read", path);
        if (match is null)
        {
            return refusal;
        }

        (MediaStream? stream, string error) = await context.Paths.Read(path, match, reader: null, request.Target.Query, connection.Closing);
        return stream is null
            ? Refusal(path, error)
            : RtspResponse.Ok with
            {
                Headers = [("Content-Base", request.Url.TrimEnd('/') + "/"), ("Content-Type", "application/sdp")],
                Body = SdpWriter.Write(stream.Tracks),
            };
    }

    public async ValueTask<RtspResponse> SetUp(RtspRequest request, Transport transport, RtspSession session)
    {
        int mark = request.Url.LastIndexOf(TrackMark, StringComparison.Ordinal);
        RtspRequest whole = mark < 0 ? request : request with { Url = request.Url[..mark] };
        int track = mark >= 0 && int.TryParse(request.Url.AsSpan(mark + TrackMark.Length).TrimEnd('/'), CultureInfo.InvariantCulture, out int number) ? number : 0;
        if (session.State == SessionState.Idle)
        {
            (string path, string query) = whole.Target;
            (PathMatch? match, string user, RtspResponse refusal) = await access.Check(request, "read", path);
            if (match is null)
            {
                return refusal;
            }

            (_stream, string error) = await context.Paths.Read(path, match, session, query, connection.Closing);
            if (_stream is null)
            {
                return Refusal(path, error);
            }

            (session.Path, session.Query, session.User, session.State) = (path, query, user, SessionState.ReadyToPlay);
        }

        if (track >= _stream!.Tracks.Count)
        {
            return new RtspResponse(404) { Closes = $"track {track} does not exist" };
        }

        int channel = transport.RtpChannel ?? _channels.Count * 2;
        _channels[track] = channel;
        _controls.Add((request.Url, track));
        string answer = $"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1};ssrc={_stream.Rtp(track).Ssrc:X8}";
        return RtspResponse.Ok with { Headers = [("Transport", answer)] };
    }

    public RtspResponse Play(RtspSession session)
    {
        if (session.State == SessionState.Playing)
        {
            return RtspResponse.Ok;
        }

        if (session.State != SessionState.ReadyToPlay || _stream is null)
        {
            return new RtspResponse(455);
        }

        session.State = SessionState.Playing;
        Track[] tracks = [.. _channels.Keys.Order().Select(track => _stream.Tracks[track])];
        session.Log($"is reading from path '{session.Path}', with TCP, {TrackLabels.Describe(tracks)}");
        return RtspResponse.Ok with { Headers = [("RTP-Info", RtpInfo(_stream))] };
    }

    /// <summary>Begins to send; the answer to PLAY is out.</summary>
    public void Start(RtspSession session)
    {
        if (_reader is not null || _stream is null)
        {
            return;
        }

        connection.ReadTimeout = Timeout.InfiniteTimeSpan;
        _reader = new FrameQueue(context.Config.WriteQueueSize, wantsFlv: false);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(connection.Closing);
        _stream.Add(_reader);
        _playing = Send(new RtspPlayback(_stream, _reader, _channels, connection, session.Counters), session.Path, _stop.Token);
    }

    public async ValueTask Pause(RtspSession session)
    {
        await Stop();
        session.State = SessionState.ReadyToPlay;
    }

    /// <summary>Stops sending, and waits until nothing is sent any more.</summary>
    public async ValueTask Stop()
    {
        if (_reader is null || _stop is null)
        {
            return;
        }

        await _stop.CancelAsync();
        await _playing;
        _stream?.Remove(_reader);
        _stop.Dispose();
        _reader = null;
    }

    /// <summary>Gives the path back.</summary>
    public void Leave(RtspSession session)
    {
        if (_stream is not null)
        {
            context.Paths.StopReading(session.Path, session);
            _stream = null;
            _channels.Clear();
            _controls.Clear();
        }
    }

    private static RtspResponse Refusal(string path, string error) => new(error == PathManager.NoStream(path) ? 404 : 400) { Closes = error };

    private string RtpInfo(MediaStream stream) => string.Join(',', _controls.Select(control =>
        stream.Rtp(control.Track).Now is (ushort sequence, uint timestamp)
            ? $"url={control.Url};seq={sequence};rtptime={timestamp}"
            : $"url={control.Url}"));

    // A client that can no longer be written to is gone: its connection ends.
    private async Task Send(RtspPlayback playback, string path, CancellationToken stop)
    {
        try
        {
            await playback.Run(path, context.Faults, context.Clock, stop);
        }
        catch (Exception error) when (EndReason.IsExpected(error))
        {
            if (!stop.IsCancellationRequested)
            {
                connection.Terminate();
            }
        }
    }
}
