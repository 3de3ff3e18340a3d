using MediaMtx.Standin.Logging;
using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin.Rtsp;

/// <summary>What a session does.</summary>
internal enum SessionState
{
    Idle,
    ReadyToPlay,
    Playing,
    ReadyToRecord,
    Recording,
}

/// <summary>One RTSP session; it lives on one connection.</summary>
internal sealed class RtspSession(RtspConnection connection, ServerLog log, DateTimeOffset created) : IPathUser
{
    public string Kind => "rtspSession";

    public Guid Id { get; } = Guid.NewGuid();

    string IPathUser.Id => Id.ToString();

    /// <summary>The id that the client sends, which is no other's business.</summary>
    public string Token { get; } = Guid.NewGuid().ToString("N");

    public DateTimeOffset Created => created;

    public Guid ConnectionId => connection.Id;

    public string Remote => connection.Remote;

    public SessionState State { get; set; }

    public string Path { get; set; } = "";

    public string Query { get; set; } = "";

    public string User { get; set; } = "";

    public string UserAgent { get; set; } = "";

    public RtspCounters Counters { get; } = new();

    /// <summary>Frames dropped because the client was too slow.</summary>
    public long Discarded => connection.Discarded;

    public void Terminate() => connection.Terminate();

    public void Log(string message) => log.Info($"[RTSP] [session {Id.ToString()[..8]}] {message}");
}
