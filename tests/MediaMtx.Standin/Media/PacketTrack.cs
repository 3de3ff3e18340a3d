namespace MediaMtx.Standin.Media;

/// <summary>A track of a codec that the stand-in does not look into: its RTP payloads go to the readers as they came.</summary>
/// <param name="Index">Its number in the stream.</param>
/// <param name="Name">The codec as MediaMTX names it.</param>
/// <param name="Kind">The media of SDP: <c>video</c>, <c>audio</c>, <c>application</c>.</param>
/// <param name="Map">The format and what the publisher said of it.</param>
internal sealed record PacketTrack(int Index, string Name, string Kind, RtpMap Map) : Track(Index, Map.ClockRate)
{
    public override string Codec => Name;
}
