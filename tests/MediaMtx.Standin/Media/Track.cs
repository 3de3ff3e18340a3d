using MediaMtx.Standin.Codecs;

namespace MediaMtx.Standin.Media;

/// <summary>One elementary stream.</summary>
/// <param name="Index">Its number in the stream: video first.</param>
/// <param name="ClockRate">Ticks per second of its timestamps.</param>
internal abstract record Track(int Index, int ClockRate)
{
    /// <summary>The codec as the Control API and the log name it.</summary>
    public abstract string Codec { get; }
}

/// <summary>H.264 video. The parameter sets are the latest seen, and null until some were.</summary>
internal sealed record VideoTrack(int Index, byte[]? Sps, byte[]? Pps) : Track(Index, VideoClock)
{
    public const int VideoClock = 90_000;

    public override string Codec => "H264";
}

/// <summary>AAC audio.</summary>
internal sealed record AudioTrack(int Index, AacConfig Config) : Track(Index, Config.SampleRate)
{
    public override string Codec => "MPEG-4 Audio";
}
