using System.Globalization;
using MediaMtx.Standin.Codecs;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Rtsp;

/// <summary>One media of a publisher's description.</summary>
/// <param name="Track">The track it becomes.</param>
/// <param name="PayloadType">RTP's payload type.</param>
/// <param name="Control">What its SETUP URL ends with.</param>
internal sealed record AnnouncedMedia(Track Track, int PayloadType, string Control)
{
    /// <summary>Bits of the size in an AU header; 13 in AAC-hbr.</summary>
    public int SizeLength { get; init; } = 13;

    /// <summary>Bits of the index in an AU header; 3 in AAC-hbr.</summary>
    public int IndexLength { get; init; } = 3;
}

/// <summary>Reads the description that a publisher announces.</summary>
internal static class SdpReader
{
    /// <exception cref="InvalidDataException">It has a media that is neither H.264 nor AAC, or none at all.</exception>
    public static IReadOnlyList<AnnouncedMedia> Read(string sdp)
    {
        List<AnnouncedMedia> medias = [];
        string[] lines = sdp.Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        for (int at = 0; at < lines.Length; at++)
        {
            if (lines[at].StartsWith("m=", StringComparison.Ordinal))
            {
                IEnumerable<string> section = lines.Skip(at + 1).TakeWhile(line => !line.StartsWith("m=", StringComparison.Ordinal));
                medias.Add(ReadMedia(lines[at], [.. section], medias.Count));
            }
        }

        return medias.Count > 0 ? medias : throw new InvalidDataException("no media found");
    }

    private static AnnouncedMedia ReadMedia(string line, string[] section, int index)
    {
        string[] words = line.Split(' ');
        int payloadType = words.Length > 3 && int.TryParse(words[3], CultureInfo.InvariantCulture, out int number) ? number : -1;
        string control = Attribute(section, "control:");
        string map = Attribute(section, $"rtpmap:{payloadType} ");
        Dictionary<string, string> parameters = Parameters(Attribute(section, $"fmtp:{payloadType} "));
        if (map.StartsWith("H264/", StringComparison.OrdinalIgnoreCase))
        {
            (byte[]? sps, byte[]? pps) = ParameterSets(parameters.GetValueOrDefault("sprop-parameter-sets", ""));
            return new AnnouncedMedia(new VideoTrack(index, sps, pps), payloadType, control);
        }

        if (map.StartsWith("mpeg4-generic/", StringComparison.OrdinalIgnoreCase))
        {
            AacConfig config = AacConfig.Parse(Convert.FromHexString(parameters.GetValueOrDefault("config", "")));
            return new AnnouncedMedia(new AudioTrack(index, config), payloadType, control)
            {
                SizeLength = Number(parameters, "sizelength", 13),
                IndexLength = Number(parameters, "indexlength", 3),
            };
        }

        throw new InvalidDataException($"the stand-in knows no media but H264 and mpeg4-generic, not '{map}'");
    }

    private static string Attribute(string[] section, string name) =>
        section.FirstOrDefault(line => line.StartsWith("a=" + name, StringComparison.Ordinal))?[(2 + name.Length)..].Trim() ?? "";

    private static int Number(Dictionary<string, string> parameters, string name, int fallback) =>
        int.TryParse(parameters.GetValueOrDefault(name, ""), CultureInfo.InvariantCulture, out int number) ? number : fallback;

    private static Dictionary<string, string> Parameters(string text)
    {
        Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);
        foreach (string pair in text.Split(';', StringSplitOptions.TrimEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                parameters[pair[..equals]] = pair[(equals + 1)..];
            }
        }

        return parameters;
    }

    private static (byte[]? Sps, byte[]? Pps) ParameterSets(string sets)
    {
        byte[]? sps = null;
        byte[]? pps = null;
        foreach (string set in sets.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            Span<byte> bytes = new byte[set.Length];
            if (!Convert.TryFromBase64String(set, bytes, out int length) || length == 0)
            {
                continue;
            }

            switch (NalUnit.Type(bytes[..length].ToArray()))
            {
                case NalUnit.Sps:
                    sps = bytes[..length].ToArray();
                    break;
                case NalUnit.Pps:
                    pps = bytes[..length].ToArray();
                    break;
            }
        }

        return (sps, pps);
    }
}
