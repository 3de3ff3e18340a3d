using MediaMtx.Standin.Codecs;
using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Slates;

/// <summary>
/// The slate of <c>alwaysAvailableTracks</c>. MediaMTX shows a card of 1920x1080; the stand-in says that size, and sends silence, and
/// filler that shows nothing where the video is H.264. Other video sends nothing.
/// </summary>
internal static class SlateTracks
{
    private const int PicturesPerSecond = 30;
    private const int SamplesPerAacFrame = 1_024;
    private const int SamplesPerOpusFrame = 960;
    private const int PcmWritesPerSecond = 200;
    private static readonly byte[] Sps = Convert.FromHexString("6742C028D900780227E5C044000003000400000300F03C60C920");
    private static readonly byte[] Pps = Convert.FromHexString("68CB83CB20");
    private static readonly byte[] Filler = [0x0C, 0xFF, 0xFF, 0xFF, 0x80];
    private static readonly byte[] AacMono = [0x01, 0x18, 0x20, 0x07];
    private static readonly byte[] AacStereo = [0x21, 0x10, 0x04, 0x60, 0x8C, 0x1C];
    private static readonly byte[] OpusSilence = [0xF8, 0xFF, 0xFE];

    public static Slate Make(IReadOnlyList<SlateTrack> configured)
    {
        Track[] tracks = [.. configured.Select(Make)];
        return new Slate(tracks, [.. tracks.Zip(configured, Loop).OfType<SlateLoop>()]);
    }

    private static Track Make(SlateTrack track, int index) => track.Codec switch
    {
        "H264" => new H264Track(index, Sps, Pps),
        "MPEG4Audio" => new AacTrack(index, AacConfig.LowComplexity(track.SampleRate, track.Channels)),
        "Opus" => new PacketTrack(index, "Opus", "audio", new RtpMap("opus", "48000/2", "sprop-stereo=1")),
        "G711" => G711(track, index),
        "LPCM" => new PacketTrack(index, "LPCM", "audio", new RtpMap("L16", $"{track.SampleRate}/{track.Channels}", "")),
        _ => new PacketTrack(index, track.Codec, "video", new RtpMap(track.Codec, "90000", "")),
    };

    private static PacketTrack G711(SlateTrack track, int index)
    {
        string encoding = track.IsMuLaw ? "PCMU" : "PCMA";
        return track.Channels == 1
            ? new PacketTrack(index, "G711", "audio", new RtpMap(encoding, $"{track.SampleRate}", "")) { PayloadType = track.IsMuLaw ? 0 : 8 }
            : new PacketTrack(index, "G711", "audio", new RtpMap(encoding, $"{track.SampleRate}/{track.Channels}", ""));
    }

    private static SlateLoop? Loop(Track track, SlateTrack configured)
    {
        int samples = track.ClockRate / PcmWritesPerSecond;
        (long duration, byte[]? unit) = configured.Codec switch
        {
            "H264" => (H264Track.Clock / PicturesPerSecond, Filler),
            "MPEG4Audio" => (SamplesPerAacFrame, configured.Channels == 1 ? AacMono : AacStereo),
            "Opus" => (SamplesPerOpusFrame, OpusSilence),
            "G711" => (samples, Enumerable.Repeat<byte>(configured.IsMuLaw ? (byte)0xFF : (byte)0xD5, samples * configured.Channels).ToArray()),
            "LPCM" => (samples, new byte[samples * configured.Channels * 2]),
            _ => (0L, (byte[]?)null),
        };
        return unit is null ? null : new SlateLoop(track.Index, [new SlateSample(duration, 0, [unit])]);
    }
}
