namespace MediaMtx.Standin.Media;

/// <summary>Whether a publisher's tracks are those of a kept stream: the same number, order and codecs, and where it matters the same configuration.</summary>
internal static class TrackMatch
{
    /// <summary>What does not match, as MediaMTX says it; null when all does.</summary>
    public static string? FindMismatch(IReadOnlyList<Track> expected, IReadOnlyList<Track> given)
    {
        if (!expected.Select(Format).SequenceEqual(given.Select(Format)))
        {
            return $"wants to publish [{Names(given)}], but stream expects [{Names(expected)}]";
        }

        foreach ((Track one, Track other) in expected.Zip(given))
        {
            if (Configuration(one) != Configuration(other))
            {
                string what = one is AacTrack ? "MPEG-4 audio" : one.Codec;
                return $"{what} configuration does not match, is {Configuration(other)}, but stream expects {Configuration(one)}";
            }
        }

        return null;
    }

    // FLAC is a generic format with a label of its own.
    private static string Format(Track track) => track.Codec == "FLAC" ? "Generic" : track.Codec;

    private static string Names(IReadOnlyList<Track> tracks) => string.Join(' ', tracks.Select(track => track.Codec));

    private static string? Configuration(Track track) => track switch
    {
        AacTrack { Config: var config } => $"type={config.ObjectType}, sampleRate={config.SampleRate}, channelCount={config.Channels}",
        PacketTrack { Name: "G711" } sound =>
            $"MULaw={(FlvBodies.IsMuLaw(sound) ? "true" : "false")}, sampleRate={sound.ClockRate}, channelCount={sound.Map.Channels ?? 1}",
        PacketTrack { Name: "LPCM" } sound =>
            $"bitDepth={sound.Map.BitDepth}, sampleRate={sound.ClockRate}, channelCount={sound.Map.Channels ?? 1}",
        _ => null,
    };
}
