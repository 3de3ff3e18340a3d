using System.Globalization;
using MediaMtx.Standin.Codecs;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Rtsp;

/// <summary>Reads the description that a publisher announces. Of a media with several formats it takes the first.</summary>
internal static class SdpReader
{
    /// <exception cref="InvalidDataException">It has no media, or one whose format says too little.</exception>
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
        if (words.Length < 4 || !int.TryParse(words[3], CultureInfo.InvariantCulture, out int payloadType))
        {
            throw new InvalidDataException($"invalid media: {line}");
        }

        string control = Attribute(section, "control:");
        RtpMap map = Map(section, payloadType, isApplication: words[0] == "m=application");
        string name = RtpFormats.Name(payloadType, map);
        if (name == "H264")
        {
            (byte[]? sps, byte[]? pps) = ParameterSets(map.Parameter("sprop-parameter-sets"));
            return new AnnouncedMedia(new H264Track(index, sps, pps) { PayloadType = payloadType }, control);
        }

        if (name == "MPEG-4 Audio")
        {
            string config = map.Parameter("config");
            return config.Length == 0
                ? throw new InvalidDataException("config is missing")
                : new AnnouncedMedia(new AacTrack(index, AacConfig.Parse(Convert.FromHexString(config))) { PayloadType = payloadType }, control)
                {
                    SizeLength = map.Number("sizelength", 13),
                    IndexLength = map.Number("indexlength", 3),
                };
        }

        return new AnnouncedMedia(new PacketTrack(index, name, words[0][2..], map) { PayloadType = payloadType }, control);
    }

    private static RtpMap Map(string[] section, int payloadType, bool isApplication)
    {
        string parameters = Attribute(section, $"fmtp:{payloadType} ");
        string[] given = Attribute(section, $"rtpmap:{payloadType} ").Split('/', 2);
        if (given.Length == 2)
        {
            return new RtpMap(given[0], given[1], parameters);
        }

        return RtpFormats.Static(payloadType) is RtpMap map ? map with { Parameters = parameters }
            : isApplication || given[0].Length > 0 ? new RtpMap(given[0], "", parameters)
            : throw new InvalidDataException("clock rate not found");
    }

    private static string Attribute(string[] section, string name) =>
        section.FirstOrDefault(line => line.StartsWith("a=" + name, StringComparison.Ordinal))?[(2 + name.Length)..].Trim() ?? "";

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
