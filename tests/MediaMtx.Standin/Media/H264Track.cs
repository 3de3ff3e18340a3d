namespace MediaMtx.Standin.Media;

/// <summary>H.264 video. The parameter sets are the latest seen, and null until some were.</summary>
internal sealed record H264Track(int Index, byte[]? Sps, byte[]? Pps) : Track(Index, Clock)
{
    public const int Clock = 90_000;

    public override string Codec => "H264";
}
