using MediaMtx.Standin.Codecs;
using MediaMtx.Standin.Media;
using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin.Faults;

/// <summary>
/// A publisher without a connection: a test orders it, so that a thousand come and go in a minute where real ones would need a
/// thousand encoders. To hooks, API and readers it is one like any other; it sends silence.
/// </summary>
internal sealed class SyntheticPublisher(string path, string query, Action<SyntheticPublisher> terminated) : IPathUser
{
    /// <summary>AAC-LC, 48 kHz, mono.</summary>
    private static readonly byte[] Config = [0x11, 0x88];

    /// <summary>A frame of silence of that configuration.</summary>
    private static readonly byte[] Silence = [0x01, 0x18, 0x20, 0x07];

    private const int SamplesPerFrame = 1024;
    private long _pts;

    public string Kind => "rtmpConn";

    public Guid Id { get; } = Guid.NewGuid();

    string IPathUser.Id => Id.ToString();

    public string Path => path;

    public string Query => query;

    public MediaInput? Input { get; set; }

    public static IReadOnlyList<Track> Tracks() => [new AacTrack(0, AacConfig.Parse(Config))];

    public void Terminate() => terminated(this);

    public void Log(string message)
    {
        // It has no connection that the log could name.
    }

    /// <summary>Sends a frame.</summary>
    public void Send()
    {
        Input?.WriteAudio(0, _pts, Silence);
        _pts += SamplesPerFrame;
    }
}
