using System.Net.Sockets;
using MediaMtx.Standin.Auth;
using MediaMtx.Standin.Media;
using MediaMtx.Standin.Net;
using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin.Rtmp;

/// <summary>One RTMP client from its handshake to its end.</summary>
internal sealed class RtmpConnection : IPathUser, IDisposable
{
    private readonly ServerContext _context;
    private readonly Connection _connection;
    private readonly ChunkReader _reader;
    private readonly ChunkWriter _writer;
    private readonly RtmpCommands _commands;
    private FrameQueue? _frames;

    public RtmpConnection(ServerContext context, Socket socket)
    {
        _context = context;
        _connection = new Connection(socket, context.Config.ReadTimeout, context.Config.WriteTimeout);
        _reader = new ChunkReader(_connection);
        _writer = new ChunkWriter(_connection);
        _commands = new RtmpCommands(_reader, _writer);
        Created = context.Clock.GetUtcNow();
    }

    public string Kind => "rtmpConn";

    string IPathUser.Id => Id.ToString();

    public Guid Id { get; } = Guid.NewGuid();

    public DateTimeOffset Created { get; }

    /// <summary><c>idle</c>, <c>publish</c> or <c>read</c>.</summary>
    public string State { get; private set; } = "idle";

    public string Path { get; private set; } = "";

    public string Query { get; private set; } = "";

    public string User { get; private set; } = "";

    public string UserAgent { get; private set; } = "";

    public string Remote => _connection.Remote.ToString();

    public long Received => _connection.Received;

    public long Sent => _connection.Sent;

    public long Discarded => _frames?.Discarded ?? 0;

    public void Terminate() => _connection.Terminate();

    public void Dispose() => _connection.Dispose();

    /// <summary>Serves the client until either side ends it.</summary>
    public async Task Run()
    {
        Log("opened");
        string reason;
        try
        {
            reason = await Serve();
        }
        catch (Exception error) when (EndReason.IsExpected(error))
        {
            reason = _connection.Closing.IsCancellationRequested ? "terminated" : EndReason.Of(error);
        }

        Log($"closed: {reason}");
    }

    private async Task<string> Serve()
    {
        await Handshake.Accept(_connection);
        RtmpAction action = await _commands.ReadAction();
        UserAgent = action.UserAgent;
        StreamAddress address = action.Address;
        AccessRequest request = new(
            action.IsPublish ? "publish" : "read", address.Path, address.User, address.Password, _connection.Remote.Address)
        {
            Protocol = "rtmp",
            Id = Id,
            Query = address.Query,
            UserAgent = action.UserAgent,
        };
        bool refusesFirst = _context.Config.Version.RefusesRtmpClients;
        TrackAnalysis analysis = refusesFirst ? new TrackAnalysis() : await Accept(action);
        AccessAnswer access = await _context.Paths.Authorize(request, _connection.Closing);
        if (access.Match is null)
        {
            await Refuse(action, access, refusesFirst);
            return access.Error;
        }

        if (!action.IsPublish)
        {
            return await Play(action, access.Match, isAccepted: !refusesFirst);
        }

        return await Publish(action, access.Match, refusesFirst ? await Accept(action) : analysis);
    }

    // Of a publisher the tracks are found at once: until v1.20.0 it is let in and looked at before anything else.
    private async Task<TrackAnalysis> Accept(RtmpAction action)
    {
        TrackAnalysis analysis = new();
        if (!action.IsPublish)
        {
            await _commands.AcceptPlay(action);
            return analysis;
        }

        await _commands.AcceptPublish(action);
        while (!analysis.Look(await _reader.Read()))
        {
        }

        return analysis;
    }

    private async Task Refuse(RtmpAction action, AccessAnswer access, bool isTold)
    {
        if (access.IsDenied)
        {
            _context.Log.Warn($"{Prefix} {access.Error}");
            await _context.Authenticator.Pause(_connection.Closing);
        }

        if (access.IsDenied && isTold)
        {
            await _commands.Refuse(action);
        }
    }

    private async Task<string> Publish(RtmpAction action, PathMatch match, TrackAnalysis analysis)
    {
        string path = action.Address.Path;
        (MediaInput? input, string error) = _context.Paths.Publish(path, match, this, action.Address.Query, analysis.Tracks());
        if (input is null)
        {
            return error;
        }

        try
        {
            Show("publish", action);
            await Ingest(new RtmpIngest(input), analysis);
        }
        finally
        {
            _context.Paths.Unpublish(path, this);
        }

        return "terminated";
    }

    private async Task Ingest(RtmpIngest ingest, TrackAnalysis analysis)
    {
        foreach (RtmpMessage message in analysis.TakeSeen())
        {
            ingest.Take(message);
        }

        while (true)
        {
            ingest.Take(await _reader.Read());
        }
    }

    private async Task<string> Play(RtmpAction action, PathMatch match, bool isAccepted)
    {
        string path = action.Address.Path;
        (MediaStream? stream, string error) = await _context.Paths.Read(path, match, this, action.Address.Query, _connection.Closing);
        if (stream is null)
        {
            return error;
        }

        _frames = new FrameQueue(_context.Config.WriteQueueSize, wantsFlv: true);
        try
        {
            if (!isAccepted)
            {
                await _commands.AcceptPlay(action);
            }

            Show("read", action);
            IReadOnlyList<Track> tracks = RtmpPlayback.Select(stream.Tracks);
            if (tracks.Count == 0)
            {
                return RtmpPlayback.NothingToRead;
            }

            foreach (Track skipped in stream.Tracks.Except(tracks))
            {
                _context.Log.Warn($"{Prefix} skipping track {skipped.Index + 1} ({skipped.Codec})");
            }

            Log($"is reading from path '{path}', {TrackLabels.Describe(tracks)}");
            stream.Add(_frames);
            _connection.ReadTimeout = Timeout.InfiniteTimeSpan;
            RtmpPlayback playback = new(stream, _frames, _writer, path, _context.Faults);
            Task sending = playback.Run(_connection.Closing);
            Task draining = Drain();
            Task first = await Task.WhenAny(sending, draining);
            bool wasTold = _connection.Closing.IsCancellationRequested;
            _connection.Terminate();
            await Task.WhenAll(sending, draining).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return wasTold || first.Exception is null ? "terminated" : EndReason.Of(first.Exception.GetBaseException());
        }
        finally
        {
            stream.Remove(_frames);
            _context.Paths.StopReading(path, this);
        }
    }

    // A player says nothing that matters, but its end does.
    private async Task Drain()
    {
        while (true)
        {
            await _reader.Read();
        }
    }

    private void Show(string state, RtmpAction action)
    {
        Path = action.Address.Path;
        Query = action.Address.Query;
        User = action.Address.User;
        State = state;
    }

    private string Prefix => $"[RTMP] [conn {Remote}]";

    public void Log(string message) => _context.Log.Info($"{Prefix} {message}");
}
