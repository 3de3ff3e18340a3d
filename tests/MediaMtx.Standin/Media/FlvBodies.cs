using System.Buffers.Binary;
using MediaMtx.Standin.Codecs;

namespace MediaMtx.Standin.Media;

/// <summary>Bodies of FLV tags, which are the bodies of RTMP's audio and video messages (Adobe's FLV specification, E.4).</summary>
internal static class FlvBodies
{
    public const byte Aac = 0xAF;
    private const byte Mp3 = 0x2F;
    private const byte ALaw = 0x72;
    private const byte MuLaw = 0x82;
    private const byte Stereo = 0x01;
    private const byte KeyAvc = 0x17;
    private const byte InterAvc = 0x27;

    /// <summary>FLV's number of a track's codec; null for one that RTMP does not carry to players that know nothing newer than FLV.</summary>
    public static int? CodecOf(Track track) => track switch
    {
        H264Track => 7,
        AacTrack => 10,
        PacketTrack { Name: "MPEG-1/2 Audio" } => 2,
        PacketTrack { Name: "G711", ClockRate: 8_000 } sound => IsMuLaw(sound) ? 8 : 7,
        _ => null,
    };

    /// <summary>The AVC sequence header.</summary>
    public static byte[] VideoConfig(H264Track track) =>
        [KeyAvc, 0, 0, 0, 0, .. AvcConfig.Write(track.Sps, track.Pps)];

    /// <summary>The AAC sequence header.</summary>
    public static byte[] AudioConfig(AacTrack track) => [Aac, 0, .. track.Config.Bytes];

    /// <summary>One picture.</summary>
    public static byte[] Video(IReadOnlyList<ReadOnlyMemory<byte>> units, bool isKey, long pts, long dts)
    {
        int size = 5;
        for (int i = 0; i < units.Count; i++)
        {
            size += 4 + units[i].Length;
        }

        byte[] body = new byte[size];
        body[0] = isKey ? KeyAvc : InterAvc;
        body[1] = 1;
        int offset = (int)((pts / 90) - (dts / 90));
        body[2] = (byte)(offset >> 16);
        body[3] = (byte)(offset >> 8);
        body[4] = (byte)offset;
        int at = 5;
        for (int i = 0; i < units.Count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(at), (uint)units[i].Length);
            units[i].Span.CopyTo(body.AsSpan(at + 4));
            at += 4 + units[i].Length;
        }

        return body;
    }

    /// <summary>An RTP payload of MP3 (RFC 2250, 3.5) or G.711 as FLV has it; null for another codec.</summary>
    public static byte[]? Sound(PacketTrack track, ReadOnlyMemory<byte> payload)
    {
        if (CodecOf(track) is null)
        {
            return null;
        }

        return track.Name == "G711"
            ? [(byte)((IsMuLaw(track) ? MuLaw : ALaw) | (track.Map.Channels == 2 ? Stereo : 0)), .. payload.Span]
            : payload.Length > MpegAudioPayloads.HeaderSize ? [Mp3, .. payload.Span[MpegAudioPayloads.HeaderSize..]] : null;
    }

    /// <summary>Whether a track of G.711 has the law of America and Japan, not of Europe.</summary>
    public static bool IsMuLaw(PacketTrack track) => track.Map.Encoding.Equals("PCMU", StringComparison.OrdinalIgnoreCase);

    /// <summary>One AAC frame.</summary>
    public static byte[] Audio(ReadOnlyMemory<byte> unit)
    {
        byte[] body = new byte[2 + unit.Length];
        body[0] = Aac;
        body[1] = 1;
        unit.Span.CopyTo(body.AsSpan(2));
        return body;
    }
}
