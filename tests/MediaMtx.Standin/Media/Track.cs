namespace MediaMtx.Standin.Media;

/// <summary>One elementary stream.</summary>
/// <param name="Index">Its number in the stream.</param>
/// <param name="ClockRate">Ticks per second of its timestamps.</param>
internal abstract record Track(int Index, int ClockRate)
{
    /// <summary>The lowest dynamic payload type, which MediaMTX gives to what did not come as RTP.</summary>
    public const int DynamicPayloadType = 96;

    /// <summary>The codec as the Control API and the log name it.</summary>
    public abstract string Codec { get; }

    /// <summary>RTP's payload type, kept from the publisher.</summary>
    public int PayloadType { get; init; } = DynamicPayloadType;
}
