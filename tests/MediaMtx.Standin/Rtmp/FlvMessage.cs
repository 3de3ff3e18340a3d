using MediaMtx.Standin.Codecs;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Rtmp;

/// <summary>What an audio or video message is.</summary>
internal enum FlvKind
{
    /// <summary>Nothing that the stand-in uses.</summary>
    Other,

    /// <summary>A decoder configuration.</summary>
    Config,

    /// <summary>A picture, or a frame of sound.</summary>
    Data,
}

/// <summary>Reads the first bytes of an audio or video message (Adobe's FLV specification, E.4.2 and E.4.3).</summary>
internal static class FlvMessage
{
    private const int Avc = 7;
    private const int Mp3 = 2;
    private const int ALaw = 7;
    private const int MuLaw = 8;
    private const int Aac = 10;
    public const int VideoHeader = 5;
    public const int AudioHeader = 2;
    public const int PlainAudioHeader = 1;

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

    /// <exception cref="InvalidDataException">A codec other than AAC, MP3 and G.711.</exception>
    public static FlvKind Audio(ReadOnlySpan<byte> body)
    {
        if (body.Length < AudioHeader)
        {
            throw new InvalidDataException("invalid body size");
        }

        return (body[0] >> 4) switch
        {
            Aac when body[1] == 0 => FlvKind.Config,
            Aac or Mp3 or ALaw or MuLaw => FlvKind.Data,
            int other => throw new InvalidDataException($"unsupported audio codec: {other} (the stand-in knows AAC, MP3 and G.711)"),
        };
    }

    /// <summary>The track of a codec that needs no configuration; null for AAC, which does. Decoded by every frame's first byte.</summary>
    public static PacketTrack? SoundTrack(ReadOnlySpan<byte> body, int index)
    {
        int channels = 1 + (body[0] & 1);
        return (body[0] >> 4) switch
        {
            Mp3 => new PacketTrack(index, "MPEG-1/2 Audio", "audio", new RtpMap("MPA", "90000", "")) { PayloadType = 14 },
            ALaw => G711(index, "PCMA", channels, 8),
            MuLaw => G711(index, "PCMU", channels, 0),
            _ => null,
        };
    }

    private static PacketTrack G711(int index, string encoding, int channels, int payloadType) => channels == 1
        ? new PacketTrack(index, "G711", "audio", new RtpMap(encoding, "8000", "")) { PayloadType = payloadType }
        : new PacketTrack(index, "G711", "audio", new RtpMap(encoding, $"8000/{channels}", ""));

    /// <summary>Milliseconds from decoding to presentation.</summary>
    public static int CompositionOffset(ReadOnlySpan<byte> body) => ((body[2] << 24) | (body[3] << 16) | (body[4] << 8)) >> 8;

    public static (byte[] Sps, byte[] Pps) VideoConfig(RtmpMessage message) => AvcConfig.Parse(message.Body.AsSpan(VideoHeader));

    public static AacConfig AudioConfig(RtmpMessage message) => AacConfig.Parse(message.Body.AsSpan(AudioHeader));
}
