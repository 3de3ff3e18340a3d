using MediaMtx.Standin.Codecs;

namespace MediaMtx.Standin.Media;

/// <summary>AAC audio.</summary>
internal sealed record AacTrack(int Index, AacConfig Config) : Track(Index, Config.SampleRate)
{
    public override string Codec => "MPEG-4 Audio";
}
