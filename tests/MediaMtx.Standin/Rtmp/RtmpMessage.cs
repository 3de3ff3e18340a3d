namespace MediaMtx.Standin.Rtmp;

/// <summary>Types of RTMP messages (Adobe's RTMP specification, 5.4, 6.2 and 7.1).</summary>
internal enum MessageType : byte
{
    SetChunkSize = 1,
    Abort = 2,
    Acknowledgement = 3,
    UserControl = 4,
    WindowAcknowledgementSize = 5,
    SetPeerBandwidth = 6,
    Audio = 8,
    Video = 9,
    DataAmf0 = 18,
    CommandAmf0 = 20,
}

/// <summary>One whole message.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Timestamp">Milliseconds; they go on where the wire's 32 bits begin again.</param>
/// <param name="StreamId">The message stream.</param>
/// <param name="Body">The payload, which nobody else holds.</param>
internal sealed record RtmpMessage(MessageType Type, long Timestamp, uint StreamId, byte[] Body);
