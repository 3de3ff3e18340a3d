using MediaMtx.Standin.Codecs;

namespace MediaMtx.Standin.Rtmp;

/// <summary>What an audio or video message is.</summary>
internal enum FlvKind
{
    /// <summary>Nothing that the stand-in uses.</summary>
    Other,

    /// <summary>A decoder configuration.</summary>
    Config,

    /// <summary>A picture, or an AAC frame.</summary>
    Data,
}

/// <summary>Reads the first bytes of an audio or video message (Adobe's FLV specification, E.4.2 and E.4.3).</summary>
internal static class FlvMessage
{
    private const int Avc = 7;
    private const int Aac = 10;
    public const int VideoHeader = 5;
    public const int AudioHeader = 2;

    /// <exception cref="InvalidDataException">A codec other than H.264.</exception>
    public static FlvKind Video(ReadOnlySpan<byte> body)
    {
        if (body.Length < VideoHeader)
        {
            throw new InvalidDataException("invalid body size");
        }

        if ((body[0] & 0x80) != 0 || (body[0] & 0x0F) != Avc)
        {
            throw new InvalidDataException($"unsupported video codec: {body[0] & 0x0F} (the stand-in knows H.264)");
        }

        return body[1] switch { 0 => FlvKind.Config, 1 => FlvKind.Data, _ => FlvKind.Other };
    }

    /// <exception cref="InvalidDataException">A codec other than AAC.</exception>
    public static FlvKind Audio(ReadOnlySpan<byte> body)
    {
        if (body.Length < AudioHeader)
        {
            throw new InvalidDataException("invalid body size");
        }

        if (body[0] >> 4 != Aac)
        {
            throw new InvalidDataException($"unsupported audio codec: {body[0] >> 4} (the stand-in knows AAC)");
        }

        return body[1] == 0 ? FlvKind.Config : FlvKind.Data;
    }

    /// <summary>Milliseconds from decoding to presentation.</summary>
    public static int CompositionOffset(ReadOnlySpan<byte> body) => ((body[2] << 24) | (body[3] << 16) | (body[4] << 8)) >> 8;

    public static (byte[] Sps, byte[] Pps) VideoConfig(RtmpMessage message) => AvcConfig.Parse(message.Body.AsSpan(VideoHeader));

    public static AacConfig AudioConfig(RtmpMessage message) => AacConfig.Parse(message.Body.AsSpan(AudioHeader));
}
