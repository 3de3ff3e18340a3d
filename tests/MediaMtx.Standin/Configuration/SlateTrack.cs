namespace MediaMtx.Standin.Configuration;

/// <summary>One entry of <c>alwaysAvailableTracks</c>.</summary>
internal sealed record SlateTrack(string Codec, int SampleRate, int Channels, bool IsMuLaw)
{
    private const int LeastAacRate = 22_050;
    private const int LeastPcmRate = 8_000;

    /// <summary>Reads an entry.</summary>
    /// <exception cref="ConfigException">It is none that MediaMTX takes.</exception>
    public static SlateTrack Read(Settings settings)
    {
        settings.Check(KnownSettings.SlateTrack);
        SlateTrack track = new(settings.Text("codec", ""), settings.Number("sampleRate", 0), settings.Number("channelCount", 0), settings.Flag("muLaw", false));
        return track.FindError() is string error ? throw new ConfigException(error) : track;
    }

    private string? FindError() => Codec switch
    {
        "AV1" or "VP9" or "H265" or "H264" or "Opus" =>
            SampleRate != 0 ? $"sampleRate must not be specified for codec '{Codec}'"
            : Channels != 0 ? $"channelCount must not be specified for codec '{Codec}'" : null,
        "MPEG4Audio" => FindSoundError(LeastAacRate),
        "G711" or "LPCM" => FindSoundError(LeastPcmRate),
        _ => $"unsupported codec '{Codec}'",
    };

    private string? FindSoundError(int least) =>
        SampleRate == 0 ? $"sampleRate is mandatory for codec '{Codec}'"
        : SampleRate < least ? $"sampleRate must be greater than or equal to {least} for codec '{Codec}'"
        : Channels == 0 ? $"channelCount is mandatory for codec '{Codec}'" : null;
}
