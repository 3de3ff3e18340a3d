using System.Net.Sockets;
using MediaMtx.Standin.Net;

namespace MediaMtx.Standin.Rtsp;

/// <summary>One RTSP client: reads what it says, answers, and ends with it.</summary>
internal sealed class RtspConnection : IDisposable
{
    private readonly ServerContext _context;
    private readonly Connection _connection;
    private readonly RtspInput _input;
    private readonly RtspReading _reading;
    private readonly RtspPublishing _publishing;
    private string? _tornDown;

    public RtspConnection(ServerContext context, Socket socket)
    {
        _context = context;
        _connection = new Connection(socket, context.Config.ReadTimeout, context.Config.WriteTimeout);
        _input = new RtspInput(_connection);
        Created = context.Clock.GetUtcNow();
        RtspAccess access = new(context, _connection);
        _reading = new RtspReading(context, _connection, access);
        _publishing = new RtspPublishing(context, access);
    }

    public Guid Id { get; } = Guid.NewGuid();

    public DateTimeOffset Created { get; }

    public string Remote => _connection.Remote.ToString();

    public long Received => _connection.Received;

    public long Sent => _connection.Sent;

    public long Discarded => _reading.Discarded;

    /// <summary>The present session; null before the first ANNOUNCE or SETUP and after TEARDOWN.</summary>
    public RtspSession? Session { get; private set; }

    public void Terminate() => _connection.Terminate();

    public void Dispose() => _connection.Dispose();

    /// <summary>Serves the client until either side ends it.</summary>
    public async Task Run()
    {
        Log("opened");
        string reason = "terminated";
        try
        {
            reason = await Serve();
        }
        catch (Exception error) when (EndReason.IsExpected(error))
        {
            reason = _connection.Closing.IsCancellationRequested ? "terminated" : EndReason.Of(error);
        }
        finally
        {
            _connection.Terminate();
            await _reading.Stop();
            Log($"closed: {reason}");
            EndSession(reason);
        }
    }

    private async Task<string> Serve()
    {
        while (true)
        {
            switch (await _input.Read())
            {
                case InterleavedPacket packet:
                    _publishing.Take(packet, Session);
                    break;
                case RtspRequest request:
                    RtspResponse response = await Answer(request);
                    if (response.Closes is not null)
                    {
                        return response.Closes;
                    }

                    break;
            }
        }
    }

    private async ValueTask<RtspResponse> Answer(RtspRequest request)
    {
        RtspResponse response = await Handle(request);
        if (Session is not null && response.Status == 200 && request.Method is not ("OPTIONS" or "DESCRIBE"))
        {
            response = response with { Headers = [.. response.Headers, ("Session", $"{Session.Token};timeout=60")] };
        }

        await _connection.Send(response.ToBytes(request.Header("CSeq")));
        if (request.Method == "PLAY" && response.Status == 200 && Session is { State: SessionState.Playing } session)
        {
            _reading.Start(session);
        }

        if (_tornDown is not null)
        {
            EndSession(_tornDown);
        }

        return response;
    }

    private async ValueTask<RtspResponse> Handle(RtspRequest request)
    {
        string given = request.Header("Session").Split(';')[0];
        if (given.Length > 0 && given != Session?.Token)
        {
            return new RtspResponse(454);
        }

        return request.Method switch
        {
            "OPTIONS" => RtspResponse.Ok with
            {
                Headers = [("Public", "DESCRIBE, ANNOUNCE, SETUP, PLAY, RECORD, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN")],
            },
            "GET_PARAMETER" or "SET_PARAMETER" => RtspResponse.Ok,
            "DESCRIBE" => await _reading.Describe(request),
            "ANNOUNCE" => await _publishing.Announce(request, OpenSession(request)),
            "SETUP" => await SetUp(request),
            "PLAY" when Session is not null => _reading.Play(Session),
            "RECORD" when Session is not null => _publishing.Record(Session),
            "PAUSE" when Session is not null => await Pause(Session),
            "TEARDOWN" when Session is not null => await TearDown(Session),
            "PLAY" or "RECORD" or "PAUSE" or "TEARDOWN" => new RtspResponse(454),
            _ => new RtspResponse(501) { Closes = $"unhandled request: {request.Method} {request.Url}" },
        };
    }

    private async ValueTask<RtspResponse> SetUp(RtspRequest request)
    {
        if (!_context.Config.RtspOverTcp || Transport.Parse(request.Header("Transport")) is not Transport transport)
        {
            return new RtspResponse(461);
        }

        RtspSession session = OpenSession(request);
        return session.State switch
        {
            SessionState.Idle or SessionState.ReadyToPlay => await _reading.SetUp(request, transport, session),
            SessionState.ReadyToRecord => _publishing.SetUp(request, transport),
            _ => new RtspResponse(455),
        };
    }

    private async ValueTask<RtspResponse> Pause(RtspSession session)
    {
        switch (session.State)
        {
            case SessionState.Playing:
                await _reading.Pause(session);
                return RtspResponse.Ok;
            case SessionState.Recording:
                _publishing.Stop(session);
                session.State = SessionState.ReadyToRecord;
                return RtspResponse.Ok;
            default:
                return RtspResponse.Ok;
        }
    }

    // The session ends only after the answer: its end is not the client's error.
    private async ValueTask<RtspResponse> TearDown(RtspSession session)
    {
        if (session.State == SessionState.Playing)
        {
            await _reading.Pause(session);
        }

        _tornDown = $"torn down by {Remote}";
        return RtspResponse.Ok;
    }

    private RtspSession OpenSession(RtspRequest request)
    {
        if (Session is null)
        {
            Session = new RtspSession(this, _context.Log, _context.Clock.GetUtcNow()) { UserAgent = request.Header("User-Agent") };
            Session.Log($"created by {Remote}");
        }

        return Session;
    }

    private void EndSession(string reason)
    {
        _tornDown = null;
        if (Session is RtspSession session)
        {
            Session = null;
            _publishing.Stop(session);
            _reading.Leave(session);
            _connection.ReadTimeout = _context.Config.ReadTimeout;
            session.Log($"destroyed: {reason}");
        }
    }

    private void Log(string message) => _context.Log.Info($"[RTSP] [conn {Remote}] {message}");
}
